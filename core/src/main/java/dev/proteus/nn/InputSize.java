package dev.proteus.nn;

import dev.proteus.error.ShapeException;
import dev.proteus.tensor.Buffer;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import java.util.function.LongFunction;

/// The size of an axis of a layer's input: known when the layer is made, or taken from the first
/// input (rule SD-61). A layer states once how its tensors follow from it.
sealed interface InputSize {
  /// A parameter of `layer` that depends on this size.
  Parameter parameter(Layer layer, String name, LongFunction<Tensor> initial);

  /// A persistent buffer of `layer` that depends on this size.
  Buffer buffer(Layer layer, String name, LongFunction<Tensor> initial);

  /// A size that the caller says.
  record Known(long size) implements InputSize {
    @Override
    public Parameter parameter(Layer layer, String name, LongFunction<Tensor> initial) {
      return layer.parameter(name, () -> initial.apply(size));
    }

    @Override
    public Buffer buffer(Layer layer, String name, LongFunction<Tensor> initial) {
      return layer.buffer(name, () -> initial.apply(size), Persistence.PERSISTENT);
    }
  }

  /// The size along `axis` of a first input with `least` to `most` axes.
  record OfFirstInput(int axis, int least, int most) implements InputSize {
    @Override
    public Parameter parameter(Layer layer, String name, LongFunction<Tensor> initial) {
      Parameter parameter = layer.parameter(name, Parameter.uninitialized());
      layer.onFirstInput(parameter, input -> made(layer, parameter, input, initial));
      return parameter;
    }

    @Override
    public Buffer buffer(Layer layer, String name, LongFunction<Tensor> initial) {
      Buffer buffer = layer.buffer(name, Buffer.uninitialized(), Persistence.PERSISTENT);
      layer.onFirstInput(buffer, input -> made(layer, buffer, input, initial));
      return buffer;
    }

    /// The values can be made again where there is memory, if this is a skeleton (rule MD-15).
    private Tensor made(Layer layer, Tensor target, Tensor input, LongFunction<Tensor> initial) {
      long size = of(layer, input.shape());
      layer.initialValues().add(target, () -> initial.apply(size));
      return initial.apply(size);
    }

    /// An input that the layer would refuse initialises nothing.
    private long of(Layer layer, Shape input) {
      if (input.rank() < least || input.rank() > most) {
        throw new ShapeException(
            "%s: the first input is %s; it must have %s axes"
                .formatted(
                    layer.typeName(), input, least == most ? "" + least : least + " to " + most));
      }
      return input.size(axis);
    }
  }

  /// A tensor's size along `axis`, `times` over, as printed.
  static String text(Tensor tensor, int axis, long times) {
    return tensor.isUninitialized() ? "?" : Long.toString(tensor.size(axis) * times);
  }
}

package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The gradient of [Conv] for its w.
///
/// Operands: x `[N, C, *S]` and g `[N, O, *out]`, of one floating type; the result is `[O,
/// C/groups, *kernel]`.
///
/// @param stride distance between windows, per spatial axis
/// @param padding zeros added at both ends, per spatial axis
/// @param dilation distance between elements of a window, per spatial axis
/// @param groups parts of the channels that do not see each other
/// @param kernel spatial sizes of the result
public record ConvWeight(
    List<Integer> stride,
    List<Integer> padding,
    List<Integer> dilation,
    int groups,
    List<Integer> kernel)
    implements Composite, Differentiable {
  public ConvWeight {
    stride = List.copyOf(stride);
    padding = List.copyOf(padding);
    dilation = List.copyOf(dilation);
    kernel = List.copyOf(kernel);
    Sliding.check("convWeight", kernel.size(), stride, padding, dilation);
  }

  @Override
  public String name() {
    return "convWeight" + stride.size() + "d";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Shape x = inputs.get(0).shape();
    Shape g = inputs.get(1).shape();
    Operands.floating(name(), inputs);
    int rank = stride.size() + 2;
    if (x.rank() != rank || g.rank() != rank || x.size(0) != g.size(0)) {
      throw new ShapeException(
          name()
              + ": x is "
              + x
              + ", g is "
              + g
              + "; both must have "
              + rank
              + " axes and the same first");
    }
    if (groups < 1 || x.size(1) % groups != 0 || g.size(1) % groups != 0) {
      throw new ShapeException(
          name()
              + ": x is "
              + x
              + ", g is "
              + g
              + "; channels must be multiples of groups "
              + groups);
    }
    Shape out = sliding().windows(name(), x, Rounding.FLOOR);
    Operands.shape(name(), "g", g.slice(2, rank), out);
    Shape channels = Shape.of(g.size(1), x.size(1) / groups);
    Shape spatial = Shape.of(kernel.stream().mapToLong(Integer::longValue).toArray());
    return List.of(inputs.get(0).withShape(channels.concat(spatial)));
  }

  private Sliding sliding() {
    return new Sliding(kernel, stride, padding, dilation);
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    throw new UnsupportedOperationException(name());
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.INPUTS;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    return Arrays.asList(null, null);
  }
}

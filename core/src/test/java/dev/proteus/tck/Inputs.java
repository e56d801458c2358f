package dev.proteus.tck;

import dev.proteus.expr.Evaluate;
import dev.proteus.op.View;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Halves;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// The operands of one trial: values on the host, to be made into tensors of any device.
///
/// Values are those that the operands' types can hold, so that an oracle of a wider type starts
/// from the same ones.
///
/// @param operands in order
record Inputs(List<Operand> operands) {
  /// What elements beside an operand's own hold: reading one shows.
  private static final double ELSEWHERE = 113;

  /// One operand.
  ///
  /// @param dtype its type
  /// @param shape its sizes
  /// @param arrangement how it lies
  /// @param memory all elements of its base
  record Operand(DType dtype, Shape shape, Arrangement arrangement, List<Double> memory) {
    /// A row-major operand.
    static Operand dense(DType dtype, Shape shape, double[] values) {
      return of(dtype, shape, Arrangement.CONTIGUOUS, values);
    }

    /// An operand with these elements, as far as the arrangement lets them differ.
    static Operand of(DType dtype, Shape shape, Arrangement arrangement, double[] values) {
      double[] memory = new double[(int) arrangement.base(shape).numel()];
      Arrays.fill(memory, held(dtype, ELSEWHERE));
      int next = 0;
      for (long index : indices(shape, arrangement)) {
        memory[(int) index] = held(dtype, values[next++]);
      }
      return new Operand(dtype, shape, arrangement, Arrays.stream(memory).boxed().toList());
    }

    /// The elements, row-major.
    double[] values() {
      return indices(shape, arrangement).stream()
          .mapToDouble(index -> memory.get(index.intValue()))
          .toArray();
    }

    Operand as(DType other) {
      return dense(other, shape, values());
    }

    Operand withValue(int element, double value) {
      double[] changed = values();
      changed[element] = value;
      return dense(dtype, shape, changed);
    }

    /// A tensor that leads back to its base through views.
    Placed on(Device device) {
      Shape sizes = arrangement.base(shape);
      Tensor base = Scope.on(device, () -> Tensor.ofBytes(bytes(dtype, memory), sizes, dtype));
      return new Placed(base, seenFrom(base));
    }

    /// What the views read from a base.
    Tensor seenFrom(Tensor base) {
      Tensor tensor = base;
      for (View view : arrangement.path(shape)) {
        tensor = tensor.call(view, List.of(tensor));
      }
      return tensor;
    }

    private static List<Long> indices(Shape shape, Arrangement arrangement) {
      Layout layout = Layout.contiguous(arrangement.base(shape));
      for (View view : arrangement.path(shape)) {
        layout = view.apply(layout);
      }
      List<Long> indices = new ArrayList<>();
      long[] strides = layout.strides();
      for (long element = 0; element < shape.numel(); element++) {
        long index = layout.offset();
        long rest = element;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
          index += rest % shape.size(axis) * strides[axis];
          rest /= shape.size(axis);
        }
        indices.add(index);
      }
      return indices;
    }
  }

  /// An operand on a device.
  ///
  /// @param base what its views read
  /// @param tensor the operand itself
  record Placed(Tensor base, Tensor tensor) {}

  Inputs {
    operands = List.copyOf(operands);
  }

  /// The operands of a case of a sample; the same at every call.
  static Inputs of(Sample sample, Case shapes, DType dtype, Arrangement arrangement) {
    List<Operand> operands = new ArrayList<>();
    for (int i = 0; i < sample.args().size(); i++) {
      operands.add(operand(sample, shapes, i, dtype, arrangement.ofOperand(i)));
    }
    return new Inputs(operands);
  }

  /// The operands of a sample's first case, of two types in turn.
  static Inputs ofTypes(Sample sample, DType even, DType odd) {
    List<Operand> operands = new ArrayList<>();
    for (int i = 0; i < sample.args().size(); i++) {
      DType dtype = i % 2 == 0 ? even : odd;
      operands.add(operand(sample, sample.cases().getFirst(), i, dtype, Arrangement.CONTIGUOUS));
    }
    return new Inputs(operands);
  }

  private static Operand operand(
      Sample sample, Case shapes, int index, DType dtype, Arrangement arrangement) {
    Arg arg = sample.args().get(index);
    Shape shape = shapes.shapes().get(index);
    double[] drawn = arg.domain().draw(shape, random(sample.name() + shapes + index));
    DType own = arg.dtype(dtype);
    return Operand.of(own, shape, arrangement, fitted(own, drawn));
  }

  /// Random numbers for a purpose; they depend on the seed of the kit.
  static SplittableRandom random(String purpose) {
    return new SplittableRandom(31 * BackendConformance.SEED + purpose.hashCode());
  }

  /// The same values in float64 where they are floating, row-major.
  Inputs wide() {
    return new Inputs(
        operands.stream()
            .map(o -> o.as(o.dtype().isFloating() ? DType.FLOAT64 : o.dtype()))
            .toList());
  }

  /// The same values, row-major.
  Inputs dense() {
    return new Inputs(operands.stream().map(o -> o.as(o.dtype())).toList());
  }

  Inputs with(int operand, Operand other) {
    List<Operand> changed = new ArrayList<>(operands);
    changed.set(operand, other);
    return new Inputs(changed);
  }

  List<Placed> placed(Device device) {
    return operands.stream().map(o -> o.on(device)).toList();
  }

  List<Tensor> on(Device device) {
    return placed(device).stream().map(Placed::tensor).toList();
  }

  /// What drawn numbers become for a type: integers are rounded, unsigned ones without sign, and a
  /// bool tells odd from even.
  static double[] fitted(DType dtype, double[] drawn) {
    return switch (dtype) {
      case FLOAT64, FLOAT32, FLOAT16, BFLOAT16 -> drawn;
      case INT64, INT32, INT16, INT8 -> Arrays.stream(drawn).map(Math::rint).toArray();
      case UINT8 -> Arrays.stream(drawn).map(Math::abs).map(Math::rint).toArray();
      case BOOL -> Arrays.stream(drawn).map(v -> (long) Math.floor(4 * v) & 1).toArray();
    };
  }

  private static double held(DType dtype, double value) {
    return dtype.isFloating()
        ? Evaluate.rounded(dtype, value)
        : Evaluate.wrapped(dtype, (long) value);
  }

  private static MemorySegment bytes(DType dtype, List<Double> values) {
    MemorySegment bytes =
        MemorySegment.ofArray(new long[(values.size() * dtype.bytes() + 7) / 8])
            .asSlice(0, (long) values.size() * dtype.bytes());
    for (int i = 0; i < values.size(); i++) {
      put(bytes, i, dtype, values.get(i));
    }
    return bytes;
  }

  private static void put(MemorySegment bytes, int index, DType dtype, double value) {
    long whole = (long) value;
    switch (dtype) {
      case FLOAT64 -> bytes.setAtIndex(ValueLayout.JAVA_DOUBLE, index, value);
      case FLOAT32 -> bytes.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
      case FLOAT16, BFLOAT16 ->
          bytes.setAtIndex(ValueLayout.JAVA_SHORT, index, Halves.toBits(dtype, (float) value));
      case INT64 -> bytes.setAtIndex(ValueLayout.JAVA_LONG, index, whole);
      case INT32 -> bytes.setAtIndex(ValueLayout.JAVA_INT, index, (int) whole);
      case INT16 -> bytes.setAtIndex(ValueLayout.JAVA_SHORT, index, (short) whole);
      case INT8, UINT8, BOOL -> bytes.set(ValueLayout.JAVA_BYTE, index, (byte) whole);
    }
  }
}

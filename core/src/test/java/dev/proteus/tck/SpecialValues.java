package dev.proteus.tck;

import dev.proteus.reference.ReferenceProvider;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;

/// Operators at the borders of types. The oracle computes in the same type, for it is the type that
/// has borders.
final class SpecialValues {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private SpecialValues() {}

  /// A pointwise operator with infinities, NaN, zeros of either sign, the greatest and the least
  /// numbers, in all pairs.
  static void pairs(Device device, Sample sample, DType dtype) {
    Tolerance usual = sample.tolerance();
    double absolute = usual.equals(Tolerance.POINTWISE) ? 0 : usual.absolute();
    check(device, sample, inputs(sample, dtype), new Tolerance(8, absolute));
  }

  /// An operator with one element of its first operand that is NaN or infinite.
  static void single(Device device, Sample sample, DType dtype) {
    Case first = sample.cases().getFirst();
    Inputs finite = Inputs.of(sample, first, dtype, Arrangement.CONTIGUOUS);
    Inputs.Operand x = finite.operands().getFirst();
    int middle = (int) x.shape().numel() / 2;
    for (double value : new double[] {Double.NaN, INFINITY, -INFINITY}) {
      Inputs inputs = finite.with(0, x.withValue(middle, value));
      check(device, sample, inputs, sample.tolerance());
    }
  }

  private static void check(Device device, Sample sample, Inputs inputs, Tolerance tolerance) {
    List<Tensor> expected = sample.call().apply(inputs.on(ReferenceProvider.DEVICE));
    List<Tensor> actual = sample.call().apply(inputs.on(device));
    for (int i = 0; i < expected.size(); i++) {
      TensorSubject.assertThat("result " + i, actual.get(i)).isNearEach(expected.get(i), tolerance);
    }
  }

  private static Inputs inputs(Sample sample, DType dtype) {
    List<Double> values = values(dtype);
    int count = values.size();
    int elements = sample.args().size() == 1 ? count : count * count;
    List<Inputs.Operand> operands = new ArrayList<>();
    for (int i = 0; i < sample.args().size(); i++) {
      double[] chosen = new double[elements];
      for (int element = 0; element < elements; element++) {
        int pick =
            switch (i) {
              case 0 -> element % count;
              case 1 -> element / count;
              default -> (element + element / count) % count;
            };
        chosen[element] = values.get(pick);
      }
      DType own = sample.args().get(i).dtype(dtype);
      double[] held = own == DType.BOOL ? Inputs.fitted(own, chosen) : chosen;
      operands.add(Inputs.Operand.dense(own, Shape.of(elements), held));
    }
    return new Inputs(operands);
  }

  private static List<Double> values(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> reals(Double.MAX_VALUE, Double.MIN_NORMAL);
      case FLOAT32 -> reals(Float.MAX_VALUE, Float.MIN_NORMAL);
      case BFLOAT16 -> reals(0x1.FEp127, Float.MIN_NORMAL);
      case FLOAT16 -> reals(65504, 0x1p-14);
      case INT64 -> integers(Long.MIN_VALUE, Long.MAX_VALUE);
      case INT32 -> integers(Integer.MIN_VALUE, Integer.MAX_VALUE);
      case INT16 -> integers(Short.MIN_VALUE, Short.MAX_VALUE);
      case INT8 -> integers(Byte.MIN_VALUE, Byte.MAX_VALUE);
      case UINT8 -> integers(0, 255);
      case BOOL -> List.of(0.0, 1.0);
    };
  }

  private static List<Double> reals(double greatest, double least) {
    return List.of(
        Double.NaN,
        INFINITY,
        -INFINITY,
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        -0.5,
        3.0,
        -3.0,
        1e-3,
        20.0,
        -20.0,
        greatest,
        -greatest,
        least);
  }

  private static List<Double> integers(long least, long greatest) {
    return List.of(0.0, 1.0, -1.0, 2.0, -7.0, 100.0, (double) least, (double) greatest);
  }
}

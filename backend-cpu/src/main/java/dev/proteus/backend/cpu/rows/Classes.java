package dev.proteus.backend.cpu.rows;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.memory.CpuStorage;
import dev.proteus.error.TensorIndexException;
import dev.proteus.op.CrossEntropy;
import dev.proteus.op.Reduction;
import dev.proteus.spi.Operand;
import dev.proteus.type.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// What a cross entropy is taken against: the class of each row, and how much it counts.
final class Classes {
  private final CrossEntropy op;
  private final int[] targets;
  private final float[] weights;
  private final double total;
  private final double sumOfWeights;

  private Classes(CrossEntropy op, int[] targets, float[] weights) {
    this.op = op;
    this.targets = targets;
    this.weights = weights;
    this.total =
        op.reduction() == Reduction.MEAN
            ? Arrays.stream(targets).mapToDouble(t -> t < 0 ? 0 : weights[t]).sum()
            : 1;
    this.sumOfWeights = IntStream.range(0, weights.length).mapToDouble(c -> weights[c]).sum();
  }

  /// Reads operands target and perhaps weight.
  ///
  /// @param operator for errors
  /// @throws TensorIndexException if a class is none of the `count`
  static Classes of(
      CpuBackend backend, String operator, CrossEntropy op, List<Operand> in, int count) {
    float[] weights = new float[count];
    try (Vectors vectors = new Vectors(backend)) {
      Operand target = in.getFirst();
      int rows = Math.toIntExact(target.shape().numel());
      Operand row = vectors.reshaped(target, Shape.of(rows));
      int[] targets = new int[rows];
      for (int i = 0; i < rows; i++) {
        long at = CpuStorage.start(row) + i * row.layout().stride(0) * Long.BYTES;
        long index = CpuStorage.segment(row).get(JAVA_LONG_UNALIGNED, at);
        targets[i] = index == op.ignoreIndex() ? -1 : checked(operator, index, count);
      }
      if (in.size() > 1) {
        weights = vectors.floats(in.get(1));
      } else {
        Arrays.fill(weights, 1);
      }
      return new Classes(op, targets, weights);
    }
  }

  private static int checked(String operator, long index, int count) {
    if (index < 0 || index >= count) {
      throw TensorIndexException.outside(operator, index, 1, count);
    }
    return (int) index;
  }

  int rows() {
    return targets.length;
  }

  /// The class of a row, or -1 if it is ignored.
  int target(long row) {
    return targets[(int) row];
  }

  /// What the class itself counts in a row's loss.
  double ofTarget(long row) {
    return (1 - op.labelSmoothing()) * weights[target(row)];
  }

  /// What every class counts in a row's loss, but for its weight.
  double ofEach() {
    return op.labelSmoothing() / weights.length;
  }

  boolean isSmoothed() {
    return op.labelSmoothing() > 0;
  }

  float[] weights() {
    return weights;
  }

  /// Sum of all weights of classes.
  double sumOfWeights() {
    return sumOfWeights;
  }

  /// What losses are divided by.
  double total() {
    return total;
  }
}

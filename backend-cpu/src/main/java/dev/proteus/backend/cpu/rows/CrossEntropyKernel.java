package dev.proteus.backend.cpu.rows;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.RowLoops;
import dev.proteus.op.CrossEntropy;
import dev.proteus.op.CrossEntropyBackward;
import dev.proteus.op.Reduction;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;

/// [CrossEntropy] and its gradient, row by row of logits, each read once. Float64 is left to the
/// definition.
public final class CrossEntropyKernel {
  /// Rows that there is room for.
  private static final long MOST = 1 << 26;

  private static final RowLoops LOOPS = InnerLoops.CHOSEN.rows();

  private CrossEntropyKernel() {}

  private static boolean accepts(TensorSpec x) {
    long classes = x.shape().size(1);
    return Rows.accepts(List.of(x), classes) && classes > 0 && x.numel() / classes <= MOST;
  }

  /// The kernel of [CrossEntropy] for such inputs, if there is one.
  public static Optional<Kernel> forward(
      CpuBackend backend, CrossEntropy op, List<TensorSpec> inputs) {
    return accepts(inputs.getFirst())
        ? Optional.of((in, out) -> losses(backend, op, in, out.getFirst()))
        : Optional.empty();
  }

  private static void losses(CpuBackend backend, CrossEntropy op, List<Operand> in, Operand out) {
    Rows rows = new Rows(backend, List.of(in.getFirst()), List.of(), new int[0], 1);
    Classes classes = Classes.of(backend, op.name(), op, in.subList(1, in.size()), rows.length());
    float[] losses = new float[classes.rows()];
    rows.run(
        rows.slices(),
        _ ->
            (arrays, at, row) ->
                losses[(int) row] =
                    classes.target(row) < 0 ? 0 : loss(classes, arrays, at, row, rows.length()));
    if (op.reduction() == Reduction.NONE) {
      Vectors.store(losses, out);
      return;
    }
    double sum = 0;
    for (float loss : losses) {
      sum += loss;
    }
    Vectors.store(new float[] {(float) (sum / classes.total())}, out);
  }

  /// `Σ wanted · (log Σ exp(x) − x)`.
  private static float loss(Classes classes, float[][] arrays, int at, long row, int n) {
    float[] x = arrays[0];
    float[] copy = arrays[1];
    float max = LOOPS.max(x, at, n);
    System.arraycopy(x, at, copy, at, n);
    double log = Math.log(LOOPS.exp(copy, at, n, max));
    double loss = classes.ofTarget(row) * (log - (x[at + classes.target(row)] - max));
    if (classes.isSmoothed()) {
      double even =
          classes.sumOfWeights() * (log + max) - LOOPS.dot(x, at, classes.weights(), 0, n);
      loss += classes.ofEach() * even;
    }
    return (float) loss;
  }

  /// The kernel of [CrossEntropyBackward] for such inputs, if there is one.
  public static Optional<Kernel> backward(
      CpuBackend backend, CrossEntropyBackward op, List<TensorSpec> inputs) {
    return accepts(inputs.get(1))
        ? Optional.of((in, out) -> gradients(backend, op, in, out))
        : Optional.empty();
  }

  private static void gradients(
      CpuBackend backend, CrossEntropyBackward op, List<Operand> in, List<Operand> out) {
    Rows rows = new Rows(backend, List.of(in.get(1)), out, new int[] {0}, 1);
    Classes classes =
        Classes.of(backend, op.name(), op.loss(), in.subList(2, in.size()), rows.length());
    float[] g = rates(backend, in.getFirst());
    rows.run(
        rows.slices(),
        _ ->
            (arrays, at, row) -> {
              double rate = g[g.length == 1 ? 0 : (int) row] / classes.total();
              gradient(classes, arrays[0], at, row, rows.length(), rate);
            });
  }

  private static float[] rates(CpuBackend backend, Operand g) {
    try (Vectors vectors = new Vectors(backend)) {
      return vectors.floats(g);
    }
  }

  /// `softmax(x) · Σ wanted − wanted`.
  private static void gradient(Classes classes, float[] x, int at, long row, int n, double rate) {
    int target = classes.target(row);
    double hard = target < 0 ? 0 : classes.ofTarget(row) * rate;
    double each = target < 0 ? 0 : classes.ofEach() * rate;
    double all = hard + each * classes.sumOfWeights();
    float sum = LOOPS.exp(x, at, n, LOOPS.max(x, at, n));
    LOOPS.affine(x, at, n, (float) (all / sum), 0);
    if (classes.isSmoothed()) {
      LOOPS.combine(x, at, 1, classes.weights(), 0, (float) -each, 0, n);
    }
    if (target >= 0) {
      x[at + target] -= (float) hard;
    }
  }
}

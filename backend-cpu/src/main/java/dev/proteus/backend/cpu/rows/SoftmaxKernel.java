package dev.proteus.backend.cpu.rows;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.RowLoops;
import dev.proteus.op.LogSoftmax;
import dev.proteus.op.LogSoftmaxBackward;
import dev.proteus.op.Softmax;
import dev.proteus.op.SoftmaxBackward;
import dev.proteus.spi.Kernel;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;

/// [Softmax], [LogSoftmax] and their gradients, row by row along any axis. Float64 is left to the
/// definition.
public final class SoftmaxKernel {
  private static final RowLoops LOOPS = InnerLoops.CHOSEN.rows();

  private SoftmaxKernel() {}

  /// The kernel of [Softmax] for such inputs, if there is one.
  public static Optional<Kernel> softmax(CpuBackend backend, Softmax op, List<TensorSpec> inputs) {
    return kernel(backend, inputs, op.axis(), SoftmaxKernel::softmaxRow, 0);
  }

  /// The kernel of [LogSoftmax] for such inputs, if there is one.
  public static Optional<Kernel> logSoftmax(
      CpuBackend backend, LogSoftmax op, List<TensorSpec> inputs) {
    return kernel(backend, inputs, op.axis(), SoftmaxKernel::logSoftmaxRow, 0);
  }

  /// The kernel of [SoftmaxBackward] for such inputs, if there is one.
  public static Optional<Kernel> softmaxBackward(
      CpuBackend backend, SoftmaxBackward op, List<TensorSpec> inputs) {
    return kernel(backend, inputs, op.axis(), SoftmaxKernel::softmaxBackwardRow, 1);
  }

  /// The kernel of [LogSoftmaxBackward] for such inputs, if there is one.
  public static Optional<Kernel> logSoftmaxBackward(
      CpuBackend backend, LogSoftmaxBackward op, List<TensorSpec> inputs) {
    return kernel(backend, inputs, op.axis(), SoftmaxKernel::logSoftmaxBackwardRow, 1);
  }

  /// What is done with a row of `n` elements at `at` of each array.
  private interface Row {
    void run(float[][] arrays, int at, int n);
  }

  private static Optional<Kernel> kernel(
      CpuBackend backend, List<TensorSpec> inputs, int axis, Row row, int stored) {
    TensorSpec x = inputs.getFirst();
    if (!Rows.accepts(inputs, x.rank() == 0 ? 1 : x.shape().size(axis))) {
      return Optional.empty();
    }
    return Optional.of((in, out) -> {
      Rows rows = new Rows(backend, in, out, new int[] {stored}, axis);
      rows.run(rows.slices(), slice -> (arrays, at, number) -> row.run(arrays, at, rows.length()));
    });
  }

  private static void softmaxRow(float[][] arrays, int at, int n) {
    float[] x = arrays[0];
    float sum = LOOPS.exp(x, at, n, LOOPS.max(x, at, n));
    LOOPS.affine(x, at, n, 1 / sum, 0);
  }

  private static void logSoftmaxRow(float[][] arrays, int at, int n) {
    float[] x = arrays[0];
    float[] copy = arrays[1];
    LOOPS.affine(x, at, n, 1, -LOOPS.max(x, at, n));
    System.arraycopy(x, at, copy, at, n);
    LOOPS.affine(x, at, n, 1, (float) -Math.log(LOOPS.exp(copy, at, n, 0)));
  }

  /// `y·(g − Σ y·g)`.
  private static void softmaxBackwardRow(float[][] arrays, int at, int n) {
    float[] y = arrays[0];
    float[] g = arrays[1];
    LOOPS.affine(g, at, n, 1, -LOOPS.dot(y, at, g, at, n));
    LOOPS.multiply(g, at, y, at, n);
  }

  /// `g − exp(y)·Σ g`.
  private static void logSoftmaxBackwardRow(float[][] arrays, int at, int n) {
    float[] y = arrays[0];
    float[] g = arrays[1];
    float sum = LOOPS.sum(g, at, n);
    LOOPS.exp(y, at, n, 0);
    LOOPS.combine(g, at, 1, y, at, -sum, 0, n);
  }
}

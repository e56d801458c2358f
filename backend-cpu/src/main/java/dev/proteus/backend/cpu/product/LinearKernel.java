package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.memory.CpuStorage;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.op.Linear;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;

/// [Linear] as a matrix product whose sums start from the bias.
public final class LinearKernel {
  private LinearKernel() {}

  /// The kernel of [Linear] for such inputs, if there is one.
  public static Optional<Kernel> make(CpuBackend backend, Linear op, List<TensorSpec> inputs) {
    return Optional.of((in, out) -> run(backend, in, out.getFirst()));
  }

  private static void run(CpuBackend backend, List<Operand> in, Operand out) {
    Operand w = in.get(1);
    Operand turned = w.withLayout(w.layout().permute(1, 0));
    Optional<NativeMatrix> bias = in.size() < 3 ? Optional.empty() : Optional.of(row(in.get(2)));
    new MatrixProduct(atLeastTwo(in.get(0)), turned, bias, atLeastTwo(out)).run(backend);
  }

  private static NativeMatrix row(Operand bias) {
    long stride = bias.layout().stride(0);
    return new NativeMatrix(
        CpuStorage.segment(bias), CpuStorage.start(bias), 0, stride, bias.dtype());
  }

  private static Operand atLeastTwo(Operand operand) {
    Layout layout = operand.layout();
    if (layout.rank() > 1) {
      return operand;
    }
    return operand.withLayout(layout.reshape(Shape.of(1, layout.numel())).orElseThrow());
  }
}

package dev.proteus.backend.cpu.conv;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.memory.Volume;
import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.Tiles;
import dev.proteus.op.ConvWeight;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;

/// [ConvWeight] over one to three spatial axes, as products of what taps read by gradients.
public final class ConvWeightKernel {
  private ConvWeightKernel() {}

  /// The kernel of [ConvWeight] for such inputs, if there is one.
  public static Optional<Kernel> make(CpuBackend backend, ConvWeight op, List<TensorSpec> inputs) {
    if (op.stride().isEmpty() || op.stride().size() > 3) {
      return Optional.empty();
    }
    return Optional.of(
        inputs.getFirst().dtype() == DType.FLOAT64
            ? (in, out) -> run(backend, InnerLoops.CHOSEN.doubles(), op, in, out.getFirst())
            : (in, out) -> run(backend, InnerLoops.CHOSEN.floats(), op, in, out.getFirst()));
  }

  private static <B> void run(
      CpuBackend backend, Tiles<B> tiles, ConvWeight op, List<Operand> in, Operand out) {
    if (out.shape().numel() == 0) {
      return;
    }
    Operand x = in.get(0);
    Operand g = in.get(1);
    ConvShape shape =
        ConvShape.of(
            x.shape(),
            out.shape(),
            g.shape(),
            op.stride(),
            op.padding(),
            op.dilation(),
            op.groups());
    new WeightSums<>(backend, tiles, shape, Volume.of(x), Volume.of(g), Volume.of(out)).run();
  }
}

package dev.proteus.backend.cpu.conv;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.memory.Volume;
import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.Tiles;
import dev.proteus.op.ConvTranspose;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;

/// [ConvTranspose] over one to three spatial axes: each residue of the stride is a convolution of g
/// with some of the taps.
public final class ConvTransposeKernel {
  private ConvTransposeKernel() {}

  /// The kernel of [ConvTranspose] for such inputs, if there is one.
  public static Optional<Kernel> make(
      CpuBackend backend, ConvTranspose op, List<TensorSpec> inputs) {
    if (op.stride().isEmpty() || op.stride().size() > 3) {
      return Optional.empty();
    }
    return Optional.of(
        inputs.getFirst().dtype() == DType.FLOAT64
            ? (in, out) -> run(backend, InnerLoops.CHOSEN.doubles(), op, in, out.getFirst())
            : (in, out) -> run(backend, InnerLoops.CHOSEN.floats(), op, in, out.getFirst()));
  }

  private static <B> void run(
      CpuBackend backend, Tiles<B> tiles, ConvTranspose op, List<Operand> in, Operand out) {
    if (out.shape().numel() == 0) {
      return;
    }
    Operand g = in.get(0);
    Operand w = in.get(1);
    ConvShape shape =
        ConvShape.of(
            out.shape(),
            w.shape(),
            g.shape(),
            op.stride(),
            op.padding(),
            op.dilation(),
            op.groups());
    try (ConvWeights<B> weights = new ConvWeights<>(backend, tiles, w, shape)) {
      new Correlation<>(
              backend,
              tiles,
              new Correlation.Sizes(
                  shape.images(), shape.groups(), shape.filters(), shape.channels()),
              shape.axes().stream().map(AxisPlan::backward).toList(),
              Volume.of(g),
              weights.channels(),
              Optional.empty(),
              Volume.of(out))
          .run(backend);
    }
  }
}

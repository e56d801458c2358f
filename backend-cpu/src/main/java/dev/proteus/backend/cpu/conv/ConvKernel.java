package dev.proteus.backend.cpu.conv;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.memory.CpuStorage;
import dev.proteus.backend.cpu.memory.Volume;
import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.backend.cpu.vector.Tiles;
import dev.proteus.op.Conv;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;

/// [Conv] over one to three spatial axes, as products of weights by patches.
public final class ConvKernel {
  private ConvKernel() {}

  /// The kernel of [Conv] for such inputs, if there is one.
  public static Optional<Kernel> make(CpuBackend backend, Conv op, List<TensorSpec> inputs) {
    if (op.stride().isEmpty() || op.stride().size() > 3) {
      return Optional.empty();
    }
    return Optional.of(
        inputs.getFirst().dtype() == DType.FLOAT64
            ? (in, out) -> run(backend, InnerLoops.CHOSEN.doubles(), op, in, out.getFirst())
            : (in, out) -> run(backend, InnerLoops.CHOSEN.floats(), op, in, out.getFirst()));
  }

  private static <B> void run(
      CpuBackend backend, Tiles<B> tiles, Conv op, List<Operand> in, Operand out) {
    if (out.shape().numel() == 0) {
      return;
    }
    Operand x = in.get(0);
    Operand w = in.get(1);
    ConvShape shape =
        ConvShape.of(
            x.shape(),
            w.shape(),
            out.shape(),
            op.stride(),
            op.padding(),
            op.dilation(),
            op.groups());
    Optional<NativeMatrix> bias = in.size() < 3 ? Optional.empty() : Optional.of(column(in.get(2)));
    try (ConvWeights<B> weights = new ConvWeights<>(backend, tiles, w, shape)) {
      new Correlation<>(
              backend,
              tiles,
              new Correlation.Sizes(
                  shape.images(), shape.groups(), shape.channels(), shape.filters()),
              shape.axes().stream().map(AxisPlan::forward).toList(),
              Volume.of(x),
              weights.filters(),
              bias,
              Volume.of(out))
          .run(backend);
    }
  }

  private static NativeMatrix column(Operand bias) {
    return new NativeMatrix(
        CpuStorage.segment(bias), CpuStorage.start(bias), bias.layout().stride(0), 0, bias.dtype());
  }
}

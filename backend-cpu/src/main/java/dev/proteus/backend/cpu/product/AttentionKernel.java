package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.memory.Batch;
import dev.proteus.op.Attention;
import dev.proteus.op.AttentionBackward;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;

/// [Attention] and its gradients, some queries of one head at a time, so that their scores stay in
/// the cache from the product that makes them to the one that uses them (the tiling of Dao and
/// others, "FlashAttention", 2022, but for whole rows of scores).
///
/// Float64 is left to the definition.
public final class AttentionKernel {
  /// Keys of a head, times the width of the widest of its rows: what fits an array.
  private static final long LARGEST = 1 << 26;

  private AttentionKernel() {}

  /// The kernel of [Attention] for such inputs, if there is one.
  public static Optional<Kernel> forward(
      CpuBackend backend, Attention op, List<TensorSpec> inputs) {
    if (!accepts(inputs)) {
      return Optional.empty();
    }
    return Optional.of((in, out) -> run(backend, op, in, out.getFirst()));
  }

  private static boolean accepts(List<TensorSpec> inputs) {
    long keys = inputs.get(1).shape().size(-2);
    long width = Math.max(inputs.get(1).shape().size(-1), inputs.get(2).shape().size(-1));
    return inputs.getFirst().dtype() != DType.FLOAT64
        && keys > 0
        && keys <= LARGEST / Math.max(128, width);
  }

  private static void run(CpuBackend backend, Attention op, List<Operand> in, Operand out) {
    if (out.shape().numel() == 0) {
      return;
    }
    Heads heads = Heads.of(op, in, out.shape());
    Batch results = new Batch(out, batch(out.shape()));
    long blocks = heads.blocks();
    Team.run(
        backend,
        () -> new Mixing(heads, results, backend.scratch()),
        heads.sizes().heads() * blocks,
        1,
        (mixing, from, to) -> {
          for (long i = from; i < to; i++) {
            mixing.run(i / blocks, i % blocks);
          }
        });
  }

  /// The kernel of [AttentionBackward] for such inputs, if there is one.
  public static Optional<Kernel> backward(
      CpuBackend backend, AttentionBackward op, List<TensorSpec> inputs) {
    List<TensorSpec> operands = inputs.subList(1, inputs.size());
    // What is broadcast gets a sum over heads, which run side by side here.
    boolean shared =
        op.mask() == AttentionBackward.Mask.LEARNED
            || operands.subList(0, 3).stream()
                .anyMatch(s -> !batch(s.shape()).equals(batch(inputs.getFirst().shape())));
    return shared || !accepts(operands)
        ? Optional.empty()
        : Optional.of((in, out) -> run(backend, op, in, out));
  }

  private static void run(
      CpuBackend backend, AttentionBackward op, List<Operand> in, List<Operand> out) {
    Operand g = in.getFirst();
    List<Operand> operands = in.subList(1, in.size());
    Heads heads = Heads.of(new Attention(op.scale(), op.causality()), operands, g.shape());
    HeadGradients.Places places = HeadGradients.Places.of(g, out);
    Team.run(
        backend,
        () -> new HeadGradients(heads, places, backend.scratch()),
        heads.sizes().heads(),
        1,
        (gradients, from, to) -> {
          for (long head = from; head < to; head++) {
            gradients.run(head);
          }
        });
  }

  static Shape batch(Shape shape) {
    return shape.slice(0, shape.rank() - 2);
  }
}

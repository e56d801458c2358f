package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.backend.cpu.vector.Scratch;
import dev.proteus.op.Int4Linear;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/// [Int4Linear] in float32 and narrower types: see [QuantizedLinear].
public final class Int4LinearKernel {
  private Int4LinearKernel() {}

  /// The kernel of [Int4Linear] for such inputs, if there is one.
  public static Optional<Kernel> make(CpuBackend backend, Int4Linear op, List<TensorSpec> inputs) {
    return QuantizedLinear.accepts(inputs.getFirst())
        ? Optional.of((in, out) -> run(backend, in, out.getFirst()))
        : Optional.empty();
  }

  private static void run(CpuBackend backend, List<Operand> in, Operand out) {
    Operand x = in.get(0);
    NativeMatrix codes = QuantizedLinear.codes(in.get(1));
    NativeMatrix scales = QuantizedLinear.matrix(in.get(2));
    NativeMatrix minima = QuantizedLinear.matrix(in.get(3));
    Optional<NativeMatrix> bias = in.stream().skip(4).findFirst().map(QuantizedLinear::row);
    int blocks = (int) Int4Linear.blocks(x.shape().size(-1));
    Weight weight = new Weight(codes, scales, minima, blocks);
    new QuantizedLinear(x, weight, bias, out).run(backend);
  }

  /// Codes with a scale and a minimum for each block.
  record Weight(NativeMatrix codes, NativeMatrix scales, NativeMatrix minima, int blocks)
      implements CodedWeight {
    /// What is done with a row whose scales and minima are at hand.
    @FunctionalInterface
    private interface RowTask {
      void run(int index, float[] scale, float[] minimum);
    }

    @Override
    public int length() {
      return blocks * Int4Linear.BLOCK;
    }

    @Override
    public void dots(Scratch scratch, float[] x, int rows, long first, int count, float[] sums) {
      int pitch = FewRows.SUM_PITCH;
      forRows(
          scratch,
          first,
          count,
          (j, scale, minimum) ->
              InnerLoops.CHOSEN
                  .codes()
                  .int4(
                      blocks, x, length(), rows, codes, first + j, scale, minimum, sums, j, pitch));
    }

    @Override
    public void floats(Scratch scratch, long first, int count, MemorySegment to, long start) {
      long bytes = (long) Float.BYTES * length();
      forRows(
          scratch,
          first,
          count,
          (j, scale, minimum) ->
              InnerLoops.CHOSEN
                  .codes()
                  .floats4(blocks, codes, first + j, scale, minimum, to, start + bytes * j));
    }

    private void forRows(Scratch scratch, long first, int count, RowTask task) {
      float[] scale = scratch.floats(blocks);
      float[] minimum = scratch.floats(blocks);
      for (int j = 0; j < count; j++) {
        InnerLoops.CHOSEN.floats().load(scales, first + j, 0, 1, blocks, scale, 0, blocks);
        InnerLoops.CHOSEN.floats().load(minima, first + j, 0, 1, blocks, minimum, 0, blocks);
        task.run(j, scale, minimum);
      }
      scratch.give(scale);
      scratch.give(minimum);
    }
  }
}

package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.backend.cpu.vector.Scratch;
import dev.proteus.op.Int8Linear;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/// [Int8Linear] in float32 and narrower types: see [QuantizedLinear].
public final class Int8LinearKernel {
  private Int8LinearKernel() {}

  /// The kernel of [Int8Linear] for such inputs, if there is one.
  public static Optional<Kernel> make(CpuBackend backend, Int8Linear op, List<TensorSpec> inputs) {
    return QuantizedLinear.accepts(inputs.getFirst())
        ? Optional.of((in, out) -> run(backend, in, out.getFirst()))
        : Optional.empty();
  }

  private static void run(CpuBackend backend, List<Operand> in, Operand out) {
    Operand x = in.get(0);
    NativeMatrix codes = QuantizedLinear.codes(in.get(1));
    NativeMatrix scales = QuantizedLinear.row(in.get(2));
    Optional<NativeMatrix> bias = in.stream().skip(3).findFirst().map(QuantizedLinear::row);
    Weight weight = new Weight(codes, scales, (int) x.shape().size(-1));
    new QuantizedLinear(x, weight, bias, out).run(backend);
  }

  /// Codes with a scale for each row.
  record Weight(NativeMatrix codes, NativeMatrix scales, int length) implements CodedWeight {
    @Override
    public void dots(Scratch scratch, float[] x, int rows, long first, int count, float[] sums) {
      InnerLoops loops = InnerLoops.CHOSEN;
      int pitch = FewRows.SUM_PITCH;
      loops.codes().int8(length, x, length, rows, codes, first, count, sums, 0, pitch);
      float[] factors = scratch.floats(count);
      loops.floats().load(scales, 0, first, 1, count, factors, 0, count);
      for (int r = 0; r < rows; r++) {
        for (int j = 0; j < count; j++) {
          sums[r * pitch + j] *= factors[j];
        }
      }
      scratch.give(factors);
    }

    @Override
    public void floats(Scratch scratch, long first, int count, MemorySegment to, long start) {
      for (int j = 0; j < count; j++) {
        float scale = (float) scales.get(0, first + j);
        long at = start + (long) Float.BYTES * length * j;
        InnerLoops.CHOSEN.codes().floats8(length, codes, first + j, scale, to, at);
      }
    }
  }
}

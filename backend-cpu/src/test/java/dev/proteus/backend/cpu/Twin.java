package dev.proteus.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.proteus.backend.cpu.memory.CachingAllocator;
import dev.proteus.backend.cpu.memory.MemoryLimit;
import dev.proteus.backend.cpu.vector.Loops;
import dev.proteus.op.Primitive;
import dev.proteus.reference.ReferenceProvider;
import dev.proteus.spi.Backend;
import dev.proteus.spi.Operand;
import dev.proteus.spi.Storage;
import dev.proteus.type.DType;
import dev.proteus.type.Halves;
import dev.proteus.type.Layout;
import dev.proteus.type.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// The CPU backend beside the reference backend: both run the same operator on the same bytes.
final class Twin implements AutoCloseable {
  private final CpuBackend cpu;
  private final Backend reference = new ReferenceProvider().open(0);

  Twin(Loops loops, int threads) {
    cpu =
        new CpuBackend(new CachingAllocator(MemoryLimit.of(1L << 30)), new Threads(threads), loops);
  }

  CpuBackend cpu() {
    return cpu;
  }

  /// Bytes and how elements lie in them.
  record Data(MemorySegment bytes, Layout layout, DType dtype) {
    /// Small integers and simple fractions, and now and then a special number, in every byte that
    /// the layout can reach.
    static Data random(Random random, Layout layout, DType dtype) {
      int count = (int) Math.max(1, layout.span());
      byte[] bytes = new byte[count * dtype.bytes()];
      MemorySegment to = MemorySegment.ofArray(bytes);
      for (int i = 0; i < count; i++) {
        put(to, dtype, i, value(random, dtype));
      }
      return new Data(MemorySegment.ofArray(bytes), layout, dtype);
    }

    private static double value(Random random, DType dtype) {
      return switch (dtype.category()) {
        case BOOL -> random.nextInt(2);
        case INTEGER ->
            random.nextInt(dtype == DType.UINT8 ? 256 : 200) - (dtype == DType.UINT8 ? 0 : 100);
        case FLOATING ->
            switch (random.nextInt(40)) {
              case 0 -> 0.0;
              case 1 -> -0.0;
              case 2 -> Double.NaN;
              case 3 -> Double.POSITIVE_INFINITY;
              case 4 -> Double.NEGATIVE_INFINITY;
              default -> random.nextInt(400) / 16.0 - 12;
            };
      };
    }

    static void put(MemorySegment to, DType dtype, long i, double value) {
      switch (dtype) {
        case FLOAT64 -> to.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8 * i, value);
        case FLOAT32 -> to.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * i, (float) value);
        case FLOAT16, BFLOAT16 ->
            to.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i, Halves.toBits(dtype, (float) value));
        case INT64 -> to.set(ValueLayout.JAVA_LONG_UNALIGNED, 8 * i, (long) value);
        case INT32 -> to.set(ValueLayout.JAVA_INT_UNALIGNED, 4 * i, (int) value);
        case INT16 -> to.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i, (short) value);
        case INT8, UINT8, BOOL -> to.set(ValueLayout.JAVA_BYTE, i, (byte) (int) value);
      }
    }

    /// Element number `i` of the bytes.
    static double get(MemorySegment from, DType dtype, long i) {
      return switch (dtype) {
        case FLOAT64 -> from.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8 * i);
        case FLOAT32 -> from.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * i);
        case FLOAT16, BFLOAT16 ->
            Halves.toFloat(dtype, from.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i));
        case INT64 -> from.get(ValueLayout.JAVA_LONG_UNALIGNED, 8 * i);
        case INT32 -> from.get(ValueLayout.JAVA_INT_UNALIGNED, 4 * i);
        case INT16 -> from.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i);
        case INT8 -> from.get(ValueLayout.JAVA_BYTE, i);
        case UINT8, BOOL -> from.get(ValueLayout.JAVA_BYTE, i) & 0xff;
      };
    }
  }

  private static Operand on(Backend backend, Data data) {
    Storage storage = backend.allocate(data.bytes().byteSize());
    backend.copyFromHost(data.bytes(), storage, 0);
    return new Operand(storage, data.layout(), data.dtype());
  }

  private static byte[] run(
      Backend backend, Primitive op, List<Data> inputs, Layout out, DType dtype) {
    List<Operand> operands = new ArrayList<>();
    List<TensorSpec> specs = new ArrayList<>();
    for (Data input : inputs) {
      operands.add(on(backend, input));
      specs.add(new TensorSpec(input.layout().shape(), input.dtype(), backend.device()));
    }
    byte[] bytes = new byte[(int) Math.max(1, out.span()) * dtype.bytes()];
    Operand result = on(backend, new Data(MemorySegment.ofArray(bytes), out, dtype));
    backend.kernel(op, specs).run(operands, List.of(result));
    backend.copyToHost(result.storage(), 0, MemorySegment.ofArray(bytes));
    operands.forEach(o -> o.storage().release());
    result.storage().release();
    return bytes;
  }

  /// What the CPU makes, as bytes.
  byte[] run(Primitive op, List<Data> inputs, Layout out, DType dtype) {
    return run(cpu, op, inputs, out, dtype);
  }

  /// What the CPU makes, element by element of the storage; of NaN there is one.
  double[] values(Primitive op, List<Data> inputs, Layout out, DType dtype) {
    MemorySegment made = MemorySegment.ofArray(run(op, inputs, out, dtype));
    double[] values = new double[(int) out.span()];
    Arrays.setAll(values, i -> Data.get(made, dtype, i));
    return values;
  }

  /// Asserts that both backends make the same, but for relative errors up to `tolerance`.
  void check(
      String what, Primitive op, List<Data> inputs, Layout out, DType dtype, double tolerance) {
    MemorySegment expected = MemorySegment.ofArray(run(reference, op, inputs, out, dtype));
    MemorySegment actual = MemorySegment.ofArray(run(cpu, op, inputs, out, dtype));
    for (long i = 0; i < out.span(); i++) {
      double want = Data.get(expected, dtype, i);
      double got = Data.get(actual, dtype, i);
      if (!near(want, got, tolerance)) {
        assertEquals(want, got, what + ": element " + i + " of the storage of " + op);
      }
    }
  }

  private static boolean near(double want, double got, double tolerance) {
    return want == got
        || Double.isNaN(want) && Double.isNaN(got)
        || Math.abs(want - got) <= tolerance * Math.max(1, Math.abs(want));
  }

  @Override
  public void close() {
    cpu.close();
  }
}

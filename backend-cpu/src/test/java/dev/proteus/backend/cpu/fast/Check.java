package dev.proteus.backend.cpu.fast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.backend.cpu.CpuProvider;
import dev.proteus.op.Composite;
import dev.proteus.reference.ReferenceProvider;
import dev.proteus.spi.Backend;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Halves;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Runs a fast kernel on random operands and compares it with the operator's definition, computed
/// in float64 by the reference backend; then with itself on one thread and on three, bit by bit.
public final class Check {
  private static final Backend ONE = backend(1);
  private static final Backend THREE = backend(3);

  private Check() {}

  private static Backend backend(int threads) {
    String before = System.getProperty("proteus.threads");
    System.setProperty("proteus.threads", Integer.toString(threads));
    try {
      return new CpuProvider().open(0);
    } finally {
      if (before == null) {
        System.clearProperty("proteus.threads");
      } else {
        System.setProperty("proteus.threads", before);
      }
    }
  }

  /// How an operand lies in its storage.
  public enum Lie {
    CONTIGUOUS,
    /// The last two axes have changed places.
    TRANSPOSED,
    /// Every second element of the last axis, from the third element of the storage.
    STEPPED,
    /// The first axis repeats one part.
    EXPANDED,
    /// The second axis is the innermost.
    CHANNELS_LAST;

    Layout layout(Shape shape) {
      int rank = shape.rank();
      return switch (this) {
        case CONTIGUOUS -> Layout.contiguous(shape);
        case TRANSPOSED -> swapped(shape, rank - 2, rank - 1);
        case STEPPED -> stepped(shape);
        case EXPANDED -> Layout.contiguous(shape.with(0, 1)).expand(shape);
        case CHANNELS_LAST -> last(shape, 1);
      };
    }

    private static Layout swapped(Shape shape, int a, int b) {
      if (a < 0) {
        return Layout.contiguous(shape);
      }
      int[] order = new int[shape.rank()];
      Arrays.setAll(order, i -> i == a ? b : i == b ? a : i);
      long[] sizes = new long[order.length];
      Arrays.setAll(sizes, i -> shape.size(order[i]));
      return Layout.contiguous(Shape.of(sizes)).permute(order);
    }

    private static Layout stepped(Shape shape) {
      if (shape.rank() == 0) {
        return Layout.of(shape, new long[0], 2);
      }
      long size = shape.size(-1);
      Layout wide = Layout.contiguous(shape.with(-1, 2 * size + 3));
      return wide.slice(-1, 2, size, 2);
    }

    private static Layout last(Shape shape, int axis) {
      int rank = shape.rank();
      int[] there = new int[rank];
      long[] sizes = new long[rank];
      int at = 0;
      for (int i = 0; i < rank; i++) {
        if (i != axis) {
          there[i] = at;
          sizes[at++] = shape.size(i);
        }
      }
      there[axis] = rank - 1;
      sizes[rank - 1] = shape.size(axis);
      return Layout.contiguous(Shape.of(sizes)).permute(there);
    }
  }

  /// An operand to make: its shape, type, layout, and the range of its values.
  ///
  /// @param nan every so-many-th value of a floating type is NaN; 0 for none
  public record Given(Shape shape, DType dtype, Lie lie, double least, double most, int nan) {
    /// An operand without NaN.
    public Given(Shape shape, DType dtype, Lie lie, double least, double most) {
      this(shape, dtype, lie, least, most, 0);
    }

    /// A contiguous operand of values from -1 to 1.
    public static Given of(DType dtype, long... sizes) {
      return new Given(Shape.of(sizes), dtype, Lie.CONTIGUOUS, -1, 1);
    }

    /// The same, lying otherwise.
    public Given lying(Lie newLie) {
      return new Given(shape, dtype, newLie, least, most, nan);
    }

    /// The same with values from another range.
    public Given from(double newLeast, double newMost) {
      return new Given(shape, dtype, lie, newLeast, newMost, nan);
    }

    /// The same with some NaN, where the type has it.
    public Given withNan() {
      return dtype.isFloating() ? new Given(shape, dtype, lie, least, most, 11) : this;
    }

    /// Values for each element of the layout's storage, as the type holds them.
    double[] storage(Random random) {
      double[] values = new double[(int) lie.layout(shape).span()];
      Arrays.setAll(
          values,
          i -> rounded(least == most ? least : least + random.nextDouble() * (most - least)));
      for (int i = 5; nan > 0 && i < values.length; i += nan) {
        values[i] = Double.NaN;
      }
      return values;
    }

    private double rounded(double value) {
      return switch (dtype) {
        case FLOAT64 -> value;
        case FLOAT32 -> (float) value;
        case FLOAT16, BFLOAT16 -> Halves.toFloat(dtype, Halves.toBits(dtype, (float) value));
        case INT64, INT32, INT16, INT8, UINT8, BOOL -> Math.floor(value);
      };
    }
  }

  /// Whether results agree: `|met - right| ≤ absolute + relative·|right|`.
  public record Tolerance(double absolute, double relative) {
    /// What is right for a type.
    public static Tolerance of(DType dtype) {
      return switch (dtype) {
        case FLOAT64 -> new Tolerance(1e-11, 1e-11);
        case FLOAT32 -> new Tolerance(5e-5, 2e-5);
        case FLOAT16 -> new Tolerance(2e-3, 2e-3);
        case BFLOAT16 -> new Tolerance(1e-2, 1e-2);
        case INT64, INT32, INT16, INT8, UINT8, BOOL -> new Tolerance(0, 0);
      };
    }
  }

  /// Checks `op` on operands drawn from `seed`.
  public static void kernel(Composite op, long seed, Given... given) {
    kernel(op, seed, Tolerance.of(given[0].dtype()), given);
  }

  /// Checks `op` on operands drawn from `seed`, up to a tolerance.
  public static void kernel(Composite op, long seed, Tolerance tolerance, Given... given) {
    Random random = new Random(seed);
    List<double[]> storages = Arrays.stream(given).map(g -> g.storage(random)).toList();
    List<double[]> right = expected(op, given, storages);
    List<double[]> met = run(ONE, op, given, storages);
    List<double[]> shared = run(THREE, op, given, storages);
    assertEquals(right.size(), met.size(), "number of results");
    for (int i = 0; i < met.size(); i++) {
      String what = op + " on " + Arrays.toString(given) + ", result " + i;
      assertArrayEquals(met.get(i), shared.get(i), what + ": one thread and three differ");
      compare(what, right.get(i), met.get(i), tolerance);
    }
  }

  private static void compare(String what, double[] right, double[] met, Tolerance tolerance) {
    assertEquals(right.length, met.length, what);
    for (int i = 0; i < right.length; i++) {
      double limit = tolerance.absolute() + tolerance.relative() * Math.abs(right[i]);
      boolean same = Double.compare(right[i], met[i]) == 0;
      assertTrue(
          same || Math.abs(right[i] - met[i]) <= limit,
          what + ", element " + i + ": " + met[i] + ", by definition " + right[i]);
    }
  }

  private static List<double[]> expected(Composite op, Given[] given, List<double[]> storages) {
    List<Tensor> inputs = new ArrayList<>();
    for (int i = 0; i < given.length; i++) {
      inputs.add(reference(given[i], storages.get(i)));
    }
    List<Tensor> results = inputs.getFirst().apply(op, inputs);
    return results.stream().map(Check::doubles).toList();
  }

  private static double[] doubles(Tensor tensor) {
    if (tensor.dtype().isFloating()) {
      return tensor.toDoubleArray();
    }
    return Arrays.stream(tensor.toLongArray()).asDoubleStream().toArray();
  }

  private static Tensor reference(Given given, double[] storage) {
    DType dtype = given.dtype().isFloating() ? DType.FLOAT64 : given.dtype();
    MemorySegment bytes = bytes(dtype, gather(given.lie().layout(given.shape()), storage));
    return Tensor.ofBytes(bytes, given.shape(), dtype).to(ReferenceProvider.DEVICE);
  }

  private static double[] gather(Layout layout, double[] storage) {
    double[] values = new double[(int) layout.numel()];
    for (int i = 0; i < values.length; i++) {
      values[i] = storage[(int) index(layout, i)];
    }
    return values;
  }

  private static long index(Layout layout, long i) {
    long rest = i;
    long at = layout.offset();
    for (int axis = layout.rank() - 1; axis >= 0; axis--) {
      at += rest % layout.shape().size(axis) * layout.stride(axis);
      rest /= layout.shape().size(axis);
    }
    return at;
  }

  private static List<double[]> run(
      Backend backend, Composite op, Given[] given, List<double[]> storages) {
    List<Operand> inputs = new ArrayList<>();
    List<TensorSpec> specs = new ArrayList<>();
    for (int i = 0; i < given.length; i++) {
      inputs.add(operand(backend, given[i], storages.get(i)));
      specs.add(new TensorSpec(given[i].shape(), given[i].dtype(), Device.CPU));
    }
    Kernel kernel = backend.fast(op, specs).orElseThrow(() -> new AssertionError("declined " + op));
    List<Operand> outputs =
        op.infer(specs).stream()
            .map(s ->
                new Operand(backend.allocate(s.bytes()), Layout.contiguous(s.shape()), s.dtype()))
            .toList();
    kernel.run(inputs, outputs);
    return outputs.stream().map(o -> read(backend, o)).toList();
  }

  private static Operand operand(Backend backend, Given given, double[] storage) {
    MemorySegment bytes = bytes(given.dtype(), storage);
    var target = backend.allocate(bytes.byteSize());
    backend.copyFromHost(bytes, target, 0);
    return new Operand(target, given.lie().layout(given.shape()), given.dtype());
  }

  private static MemorySegment bytes(DType dtype, double[] values) {
    MemorySegment bytes = MemorySegment.ofArray(new long[values.length + 1]);
    for (int i = 0; i < values.length; i++) {
      put(bytes, dtype, i, values[i]);
    }
    return bytes.asSlice(0, (long) values.length * dtype.bytes());
  }

  private static void put(MemorySegment bytes, DType dtype, int i, double value) {
    switch (dtype) {
      case FLOAT64 -> bytes.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8L * i, value);
      case FLOAT32 -> bytes.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i, (float) value);
      case FLOAT16, BFLOAT16 ->
          bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, Halves.toBits(dtype, (float) value));
      case INT64 -> bytes.set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i, (long) value);
      case INT32 -> bytes.set(ValueLayout.JAVA_INT_UNALIGNED, 4L * i, (int) value);
      case INT16 -> bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, (short) value);
      case INT8, UINT8, BOOL -> bytes.set(ValueLayout.JAVA_BYTE, i, (byte) (long) value);
    }
  }

  private static double[] read(Backend backend, Operand operand) {
    DType dtype = operand.dtype();
    int count = (int) operand.shape().numel();
    MemorySegment bytes = MemorySegment.ofArray(new long[count + 1]);
    backend.copyToHost(operand.storage(), 0, bytes.asSlice(0, (long) count * dtype.bytes()));
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (dtype) {
            case FLOAT64 -> bytes.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8L * i);
            case FLOAT32 -> bytes.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i);
            case FLOAT16, BFLOAT16 ->
                Halves.toFloat(dtype, bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i));
            case INT64 -> bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i);
            case INT32 -> bytes.get(ValueLayout.JAVA_INT_UNALIGNED, 4L * i);
            case INT16 -> bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i);
            case INT8, BOOL -> bytes.get(ValueLayout.JAVA_BYTE, i);
            case UINT8 -> bytes.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
          };
    }
    return values;
  }
}

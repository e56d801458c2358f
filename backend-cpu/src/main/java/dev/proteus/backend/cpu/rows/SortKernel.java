package dev.proteus.backend.cpu.rows;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.vector.LongCopies;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.op.Sort;
import dev.proteus.op.TopK;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// [Sort] and [TopK]: each row becomes keys whose order as integers is the order wanted.
///
/// Keys of 32 bits and less stand in the upper half of a `long` above the element's place, so that
/// equal ones keep their order; wider keys are sorted digit by digit, which keeps it by itself.
public final class SortKernel {
  private static final long LONGEST = 1 << 28;
  private static final long WORTHWHILE = 1 << 12;

  /// Values up to which the first ones are kept in order while the others pass by.
  private static final int FEW = 64;

  private SortKernel() {}

  /// The kernel of [Sort] for such inputs, if there is one.
  public static Optional<Kernel> sort(CpuBackend backend, Sort op, List<TensorSpec> inputs) {
    return kernel(backend, inputs.getFirst(), op.axis(), op.order());
  }

  /// The kernel of [TopK] for such inputs, if there is one.
  public static Optional<Kernel> topk(CpuBackend backend, TopK op, List<TensorSpec> inputs) {
    return kernel(backend, inputs.getFirst(), op.axis(), op.order());
  }

  private static Optional<Kernel> kernel(
      CpuBackend backend, TensorSpec x, int axis, Sort.Order order) {
    if (x.rank() > 0 && x.shape().size(axis) > LONGEST) {
      return Optional.empty();
    }
    SortKeys keys = new SortKeys(x.dtype(), order);
    return Optional.of((in, out) -> run(backend, keys, axis, in.getFirst(), out));
  }

  private static void run(
      CpuBackend backend, SortKeys keys, int axis, Operand x, List<Operand> out) {
    AxisRows rows = new AxisRows(List.of(x, out.get(0), out.get(1)), axis);
    int n = rows.length(0);
    int k = rows.length(1);
    if (rows.count() == 0 || k == 0) {
      return;
    }
    long grain = Math.max(1, WORTHWHILE / n);
    backend
        .threads()
        .forRange(
            rows.count(),
            grain,
            (from, to) -> {
              long[] order = new long[n];
              for (long i = from; i < to; i++) {
                long row = i % rows.height();
                NativeMatrix source = rows.matrix(0, i / rows.height());
                places(keys, source, row, n, k, order);
                store(source, row, rows.matrix(1, i / rows.height()), order, k);
                LongCopies.store(order, 0, k, rows.matrix(2, i / rows.height()), row, 0);
              }
            });
  }

  /// The places of the first `k` elements of a row, in order.
  private static void places(SortKeys keys, NativeMatrix x, long row, int n, int k, long[] order) {
    if (!keys.isNarrow()) {
      wide(keys, x, row, n, order);
      return;
    }
    keys.narrow(x, row, n, order);
    if (k <= FEW && k < n / 4) {
      first(order, n, k);
    } else {
      Arrays.sort(order, 0, n);
    }
    for (int i = 0; i < k; i++) {
      order[i] &= 0xFFFFFFFFL;
    }
  }

  /// Brings the `k` least to the front, in order; the others are lost.
  private static void first(long[] keys, int n, int k) {
    Arrays.sort(keys, 0, k);
    long last = keys[k - 1];
    for (int i = k; i < n; i++) {
      long key = keys[i];
      if (key < last) {
        int at = k - 1;
        for (; at > 0 && keys[at - 1] > key; at--) {
          keys[at] = keys[at - 1];
        }
        keys[at] = key;
        last = keys[k - 1];
      }
    }
  }

  private static void wide(SortKeys keys, NativeMatrix x, long row, int n, long[] order) {
    long[] sorted = new long[n];
    keys.wide(x, row, n, sorted);
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    long[] otherKeys = new long[n];
    long[] otherOrder = new long[n];
    int[] ends = new int[257];
    for (int shift = 0; shift < Long.SIZE; shift += 8) {
      Arrays.fill(ends, 0);
      for (int i = 0; i < n; i++) {
        ends[(int) (sorted[i] >>> shift & 0xFF) + 1]++;
      }
      if (ends[(int) (sorted[0] >>> shift & 0xFF) + 1] == n) {
        continue;
      }
      for (int digit = 0; digit < 256; digit++) {
        ends[digit + 1] += ends[digit];
      }
      for (int i = 0; i < n; i++) {
        int at = ends[(int) (sorted[i] >>> shift & 0xFF)]++;
        otherKeys[at] = sorted[i];
        otherOrder[at] = order[i];
      }
      System.arraycopy(otherKeys, 0, sorted, 0, n);
      System.arraycopy(otherOrder, 0, order, 0, n);
    }
  }

  /// Copies the elements at some places, bit by bit.
  private static void store(
      NativeMatrix from, long row, NativeMatrix to, long[] places, int count) {
    MemorySegment source = from.segment();
    MemorySegment target = to.segment();
    for (int i = 0; i < count; i++) {
      long at = from.at(row, places[i]);
      long there = to.at(row, i);
      switch (from.dtype().bytes()) {
        case 1 -> target.set(JAVA_BYTE, there, source.get(JAVA_BYTE, at));
        case 2 -> target.set(JAVA_SHORT_UNALIGNED, there, source.get(JAVA_SHORT_UNALIGNED, at));
        case 4 -> target.set(JAVA_INT_UNALIGNED, there, source.get(JAVA_INT_UNALIGNED, at));
        default -> target.set(JAVA_LONG_UNALIGNED, there, source.get(JAVA_LONG_UNALIGNED, at));
      }
    }
  }
}

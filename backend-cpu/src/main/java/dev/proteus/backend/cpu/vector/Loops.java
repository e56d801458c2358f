package dev.proteus.backend.cpu.vector;

import dev.proteus.expr.Fn;
import dev.proteus.op.Reduce;
import dev.proteus.type.DType;
import java.util.Optional;

/// The inner loops over float32: one call does one function for a block.
///
/// Two implementations give the same bits: [VectorLoops] and [ScalarLoops]. Arrays may be the same
/// object. Their length is a multiple of [#PADDING]; what lies behind `n`, up to the next such
/// multiple, may be overwritten.
public interface Loops {
  /// Floats by which the length of a block is rounded up.
  int PADDING = 64;

  /// Running results of a [#sweep].
  int RUNNING = 64;

  /// `to = fn(a)` or `to = fn(a, b)` for functions whose result is floating.
  void apply(Fn fn, float[] to, float[] a, float[] b, int n);

  /// `to = fn(a, b)` as 0 or 1, for comparisons.
  void compare(Comparison fn, int[] to, float[] a, float[] b, int n);

  /// `to = condition ≠ 0 ? yes : no`.
  void select(float[] to, int[] condition, float[] yes, float[] no, int n);

  /// `to = kind(to, from)` for `n` elements from `toAt` and `fromAt` on, which may be parts of one
  /// array if they do not overlap.
  void combine(Reduce.Kind kind, float[] to, int toAt, float[] from, int fromAt, int n);

  /// The `n ≥ 1` elements from `at` on combined pairwise: element i with element i + h, h the
  /// largest power of two below n, until one is left. Destroys them.
  default float fold(Reduce.Kind kind, float[] a, int at, int n) {
    int left = n;
    while (left > 1) {
      if (left == 16 && kind == Reduce.Kind.SUM) {
        return sumOf16(a, at);
      }
      int half = Integer.highestOneBit(left - 1);
      combine(kind, a, at, a, at + half, left - half);
      left = half;
    }
    return a[at];
  }

  /// The sum as [#fold] makes it, without loops: rows are often short.
  private static float sumOf16(float[] a, int at) {
    float even = (a[at] + a[at + 8]) + (a[at + 4] + a[at + 12]);
    even += (a[at + 2] + a[at + 10]) + (a[at + 6] + a[at + 14]);
    float odd = (a[at + 1] + a[at + 9]) + (a[at + 5] + a[at + 13]);
    odd += (a[at + 3] + a[at + 11]) + (a[at + 7] + a[at + 15]);
    return even + odd;
  }

  /// Adds `n` floats to running results: element i to result `i % RUNNING`, in its order.
  void sweep(Reduce.Kind kind, float[] lanes, float[] a, int n);

  /// `n` halves as floats, from the start of `bits` to `to` from `at` on.
  void widen(DType half, float[] to, int at, short[] bits, int n);

  /// Floats of `a` from `at` on, rounded to halves at the start of `bits`.
  void narrow(DType half, short[] bits, float[] a, int at, int n);

  /// The same straight over memory, where that is faster than by blocks.
  Optional<MemoryLoops> memory();

  /// Conversions over memory, where they are faster than in blocks.
  Optional<MemoryCasts> casts();
}

package dev.proteus.backend.cpu.vector;

import dev.proteus.op.Reduce;
import java.lang.foreign.MemorySegment;

/// Loops over float32 that read and write memory without a block in between: what takes no longer
/// than the memory takes.
///
/// Places are in bytes. The results are those of [Loops], to the bit.
public interface MemoryLoops {
  /// `to = fn(a, b)`; operands may be the same memory as the result.
  void apply(
      Arithmetic fn,
      MemorySegment to,
      long toAt,
      MemorySegment a,
      long aAt,
      MemorySegment b,
      long bAt,
      long n);

  /// `to = fn(a, b)` with one `b` for all.
  void apply(
      Arithmetic fn, MemorySegment to, long toAt, MemorySegment a, long aAt, float b, long n);

  /// `to = a·factor + b·other`, each product rounded.
  void addScaled(
      MemorySegment to,
      long toAt,
      MemorySegment a,
      long aAt,
      float factor,
      MemorySegment b,
      long bAt,
      float other,
      long n);

  /// Adds `n` floats at `at` to running results, as [Loops#sweep] does.
  void sweep(Reduce.Kind kind, float[] lanes, MemorySegment from, long at, int n);

  /// `to = kind(to, from)` for `n` floats from the start of `to` and from `at` on.
  void combine(Reduce.Kind kind, float[] to, MemorySegment from, long at, int n);
}

package dev.proteus.backend.cpu;

import dev.proteus.op.Reduce;
import java.util.Arrays;

/// Results of parts of a reduction, wider than the elements: sums of float32 are kept in float64
/// between blocks, integers in int64.
final class Partials {
  private final Reduce.Kind kind;
  private final Bank bank;
  private final double[] reals;
  private final long[] integers;

  /// `count` results, each that of no elements yet.
  Partials(Reduce.Kind kind, Bank bank, int count) {
    this.kind = kind;
    this.bank = bank;
    boolean real = bank == Bank.FLOATS || bank == Bank.DOUBLES;
    this.reals = new double[real ? count : 0];
    this.integers = new long[real ? 0 : count];
    Arrays.fill(reals, identity(kind));
    Arrays.fill(integers, integerIdentity(kind));
  }

  /// The result of no elements.
  static double identity(Reduce.Kind kind) {
    return switch (kind) {
      case SUM -> 0;
      case PROD -> 1;
      case MAX -> Double.NEGATIVE_INFINITY;
      case MIN -> Double.POSITIVE_INFINITY;
    };
  }

  private static long integerIdentity(Reduce.Kind kind) {
    return switch (kind) {
      case SUM -> 0;
      case PROD -> 1;
      case MAX -> Long.MIN_VALUE;
      case MIN -> Long.MAX_VALUE;
    };
  }

  /// Result `slot` takes in `n` elements of a register from `at` on, which are destroyed.
  void fold(Frame frame, int register, int at, int n, int slot) {
    switch (bank) {
      case FLOATS -> take((double) frame.loops.fold(kind, frame.floats[register], at, n), slot);
      case DOUBLES -> take(DoubleLoops.fold(kind, frame.doubles[register], at, n), slot);
      case INTS -> take((long) IntLoops.fold(kind, frame.ints[register], at, n), slot);
      case LONGS -> take(LongLoops.fold(kind, frame.longs[register], at, n), slot);
    }
  }

  /// Result `slot` takes in the value of a part.
  void take(double real, int slot) {
    reals[slot] = combined(reals[slot], real);
  }

  private void take(long integer, int slot) {
    integers[slot] = combined(integers[slot], integer);
  }

  /// Results from `slot` on take in one element each of a register.
  void take(Frame frame, int register, int slot, int n) {
    switch (bank) {
      case FLOATS -> takeFloats(frame.floats[register], slot, n);
      case DOUBLES -> DoubleLoops.combine(kind, reals, slot, frame.doubles[register], 0, n);
      case INTS -> takeInts(frame.ints[register], slot, n);
      case LONGS -> LongLoops.combine(kind, integers, slot, frame.longs[register], 0, n);
    }
  }

  private void takeFloats(float[] values, int slot, int n) {
    for (int i = 0; i < n; i++) {
      reals[slot + i] = combined(reals[slot + i], values[i]);
    }
  }

  private void takeInts(int[] values, int slot, int n) {
    for (int i = 0; i < n; i++) {
      integers[slot + i] = combined(integers[slot + i], values[i]);
    }
  }

  private double combined(double a, double b) {
    return switch (kind) {
      case SUM -> a + b;
      case PROD -> a * b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
    };
  }

  private long combined(long a, long b) {
    return switch (kind) {
      case SUM -> a + b;
      case PROD -> a * b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
    };
  }

  /// The first `n` results take in the `parts - 1` others that lie `apart` behind each other, in
  /// their order.
  void merge(int from, int n, int apart, int parts) {
    for (int part = 1; part < parts; part++) {
      for (int i = from; i < from + n; i++) {
        if (reals.length > 0) {
          reals[i] = combined(reals[i], reals[i + part * apart]);
        } else {
          integers[i] = combined(integers[i], integers[i + part * apart]);
        }
      }
    }
  }

  /// Puts `n` results, `apart` from each other, into a register.
  void toRegister(Frame frame, int register, int slot, int apart, int n) {
    switch (bank) {
      case FLOATS -> {
        float[] to = frame.floats[register];
        for (int i = 0; i < n; i++) {
          to[i] = (float) reals[slot + i * apart];
        }
      }
      case DOUBLES -> {
        double[] to = frame.doubles[register];
        for (int i = 0; i < n; i++) {
          to[i] = reals[slot + i * apart];
        }
      }
      case INTS -> {
        int[] to = frame.ints[register];
        for (int i = 0; i < n; i++) {
          to[i] = (int) integers[slot + i * apart];
        }
      }
      case LONGS -> {
        long[] to = frame.longs[register];
        for (int i = 0; i < n; i++) {
          to[i] = integers[slot + i * apart];
        }
      }
    }
  }
}

package dev.proteus.backend.cpu;

import dev.proteus.type.DType;

/// Conversions between registers (rule DT-24): across banks, then to the width of the type.
final class Casts {
  private Casts() {}

  static void cast(DType from, DType to, Frame frame, int a, int register, int n) {
    switch (Bank.of(to)) {
      case FLOATS -> {
        float[] target = frame.floats[register];
        toFloats(from, frame, a, target, n);
        if (to.isHalf()) {
          frame.loops.narrow(to, frame.shorts, target, 0, n);
          frame.loops.widen(to, target, 0, frame.shorts, n);
        }
      }
      case DOUBLES -> toDoubles(from, frame, a, frame.doubles[register], n);
      case INTS -> {
        int[] target = frame.ints[register];
        if (to == DType.BOOL) {
          toBools(from, frame, a, target, n);
        } else {
          toInts(from, frame, a, target, n);
          IntLoops.wrap(to, target, n);
        }
      }
      case LONGS -> toLongs(from, frame, a, frame.longs[register], n);
    }
  }

  private static void toFloats(DType from, Frame frame, int a, float[] to, int n) {
    switch (Bank.of(from)) {
      case FLOATS -> {
        float[] values = frame.floats[a];
        for (int i = 0; i < n; i++) {
          to[i] = values[i];
        }
      }
      case DOUBLES -> {
        double[] values = frame.doubles[a];
        for (int i = 0; i < n; i++) {
          to[i] = (float) values[i];
        }
      }
      case INTS -> {
        int[] values = frame.ints[a];
        for (int i = 0; i < n; i++) {
          to[i] = values[i];
        }
      }
      case LONGS -> {
        long[] values = frame.longs[a];
        for (int i = 0; i < n; i++) {
          to[i] = values[i];
        }
      }
    }
  }

  private static void toDoubles(DType from, Frame frame, int a, double[] to, int n) {
    switch (Bank.of(from)) {
      case FLOATS -> {
        float[] values = frame.floats[a];
        for (int i = 0; i < n; i++) {
          to[i] = values[i];
        }
      }
      case DOUBLES -> {
        double[] values = frame.doubles[a];
        for (int i = 0; i < n; i++) {
          to[i] = values[i];
        }
      }
      case INTS -> {
        int[] values = frame.ints[a];
        for (int i = 0; i < n; i++) {
          to[i] = values[i];
        }
      }
      case LONGS -> {
        long[] values = frame.longs[a];
        for (int i = 0; i < n; i++) {
          to[i] = values[i];
        }
      }
    }
  }

  private static void toInts(DType from, Frame frame, int a, int[] to, int n) {
    switch (Bank.of(from)) {
      case FLOATS -> {
        float[] values = frame.floats[a];
        for (int i = 0; i < n; i++) {
          to[i] = (int) values[i];
        }
      }
      case DOUBLES -> {
        double[] values = frame.doubles[a];
        for (int i = 0; i < n; i++) {
          to[i] = (int) values[i];
        }
      }
      case INTS -> {
        int[] values = frame.ints[a];
        for (int i = 0; i < n; i++) {
          to[i] = values[i];
        }
      }
      case LONGS -> {
        long[] values = frame.longs[a];
        for (int i = 0; i < n; i++) {
          to[i] = (int) values[i];
        }
      }
    }
  }

  private static void toLongs(DType from, Frame frame, int a, long[] to, int n) {
    switch (Bank.of(from)) {
      case FLOATS -> {
        float[] values = frame.floats[a];
        for (int i = 0; i < n; i++) {
          to[i] = (long) values[i];
        }
      }
      case DOUBLES -> {
        double[] values = frame.doubles[a];
        for (int i = 0; i < n; i++) {
          to[i] = (long) values[i];
        }
      }
      case INTS -> {
        int[] values = frame.ints[a];
        for (int i = 0; i < n; i++) {
          to[i] = values[i];
        }
      }
      case LONGS -> {
        long[] values = frame.longs[a];
        for (int i = 0; i < n; i++) {
          to[i] = values[i];
        }
      }
    }
  }

  private static void toBools(DType from, Frame frame, int a, int[] to, int n) {
    switch (Bank.of(from)) {
      case FLOATS -> {
        float[] values = frame.floats[a];
        for (int i = 0; i < n; i++) {
          to[i] = values[i] != 0 ? 1 : 0;
        }
      }
      case DOUBLES -> {
        double[] values = frame.doubles[a];
        for (int i = 0; i < n; i++) {
          to[i] = values[i] != 0 ? 1 : 0;
        }
      }
      case INTS -> {
        int[] values = frame.ints[a];
        for (int i = 0; i < n; i++) {
          to[i] = values[i] != 0 ? 1 : 0;
        }
      }
      case LONGS -> {
        long[] values = frame.longs[a];
        for (int i = 0; i < n; i++) {
          to[i] = values[i] != 0 ? 1 : 0;
        }
      }
    }
  }
}

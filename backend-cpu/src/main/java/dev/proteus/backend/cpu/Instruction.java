package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.vector.Comparison;
import dev.proteus.expr.Fn;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import java.util.Arrays;

/// One step of a block program: makes the first `n` elements of a register from those of others.
/// `to`, `a`, `b` and `c` are numbers of registers.
sealed interface Instruction {
  void run(Frame frame, int n);

  /// Reads the block along a path.
  record Load(int path, int to) implements Instruction {
    @Override
    public void run(Frame frame, int n) {
      frame.load(path, to, n);
    }
  }

  /// A constant, in a register that nothing else writes to, so filling it once is enough.
  record Fill(int slot, DType dtype, int to) implements Instruction {
    /// Nothing: the frame was filled when it was bound.
    @Override
    public void run(Frame frame, int n) {}

    void fill(Frame frame, Scalar value, int most) {
      switch (Bank.of(dtype)) {
        case FLOATS -> Arrays.fill(frame.floats[to], 0, most, (float) value.asDouble());
        case DOUBLES -> Arrays.fill(frame.doubles[to], 0, most, value.asDouble());
        case INTS -> {
          Arrays.fill(frame.ints[to], 0, most, (int) value.asLong());
          IntLoops.wrap(dtype, frame.ints[to], most);
        }
        case LONGS -> Arrays.fill(frame.longs[to], 0, most, value.asLong());
      }
    }
  }

  /// A value as another type (rule DT-24).
  record Cast(DType from, DType dtype, int a, int to) implements Instruction {
    @Override
    public void run(Frame frame, int n) {
      Casts.cast(from, dtype, frame, a, to, n);
    }
  }

  /// A function of floats.
  record Floats(Fn fn, int a, int b, int to) implements Instruction {
    @Override
    public void run(Frame frame, int n) {
      float[][] registers = frame.floats;
      frame.loops.apply(fn, registers[to], registers[a], registers[b], n);
    }
  }

  /// A function of doubles.
  record Doubles(Fn fn, int a, int b, int to) implements Instruction {
    @Override
    public void run(Frame frame, int n) {
      double[][] registers = frame.doubles;
      DoubleLoops.apply(fn, registers[to], registers[a], registers[b], n);
    }
  }

  /// A function of integers kept in int32.
  record Ints(Fn fn, DType dtype, int a, int b, int to) implements Instruction {
    @Override
    public void run(Frame frame, int n) {
      int[][] registers = frame.ints;
      IntLoops.apply(fn, dtype, registers[to], registers[a], registers[b], n);
      IntLoops.wrap(dtype, registers[to], n);
    }
  }

  /// A function of int64.
  record Longs(Fn fn, int a, int b, int to) implements Instruction {
    @Override
    public void run(Frame frame, int n) {
      long[][] registers = frame.longs;
      LongLoops.apply(fn, DType.INT64, registers[to], registers[a], registers[b], n);
    }
  }

  /// A comparison of two registers of `bank`.
  record Compare(Comparison fn, Bank bank, int a, int b, int to) implements Instruction {
    @Override
    public void run(Frame frame, int n) {
      int[] result = frame.ints[to];
      switch (bank) {
        case FLOATS -> frame.loops.compare(fn, result, frame.floats[a], frame.floats[b], n);
        case DOUBLES -> DoubleLoops.compare(fn, result, frame.doubles[a], frame.doubles[b], n);
        case INTS -> IntLoops.compare(fn, result, frame.ints[a], frame.ints[b], n);
        case LONGS -> LongLoops.compare(fn, result, frame.longs[a], frame.longs[b], n);
      }
    }
  }

  /// `b` where the bool `a` is true, else `c`, of `bank`.
  record Select(Bank bank, int a, int b, int c, int to) implements Instruction {
    @Override
    public void run(Frame frame, int n) {
      int[] condition = frame.ints[a];
      switch (bank) {
        case FLOATS ->
            frame.loops.select(frame.floats[to], condition, frame.floats[b], frame.floats[c], n);
        case DOUBLES ->
            DoubleLoops.select(frame.doubles[to], condition, frame.doubles[b], frame.doubles[c], n);
        case INTS -> IntLoops.select(frame.ints[to], condition, frame.ints[b], frame.ints[c], n);
        case LONGS ->
            LongLoops.select(frame.longs[to], condition, frame.longs[b], frame.longs[c], n);
      }
    }
  }
}

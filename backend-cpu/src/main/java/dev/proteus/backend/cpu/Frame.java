package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.vector.Loops;
import dev.proteus.op.Reduce;
import dev.proteus.type.Scalar;
import java.util.Arrays;
import java.util.List;

/// What one thread needs to interpret a program: registers of one block each, and the operands it
/// moves through. Kept and used again.
final class Frame {
  /// Elements of a register: small enough that the registers of a program stay in the nearest
  /// cache.
  static final int BLOCK = 1024;

  final Loops loops;
  float[][] floats = {};
  double[][] doubles = {};
  int[][] ints = {};
  long[][] longs = {};

  /// Room for elements narrower than a register's.
  final short[] shorts = new short[BLOCK];

  final byte[] bytes = new byte[BLOCK];

  private long[] coordinates = new long[8];
  private Path[] paths = {};
  private long position;

  Frame(Loops loops) {
    this.loops = loops;
  }

  /// Prepares for runs of `program` along these paths, with two registers more than it needs in
  /// each bank; constants are put into blocks of up to `most` elements.
  void bind(BlockProgram program, List<Scalar> constants, Path[] along, int most) {
    paths = along;
    floats = grown(floats, program.registers(Bank.FLOATS) + 2);
    doubles = grown(doubles, program.registers(Bank.DOUBLES) + 2);
    ints = grown(ints, program.registers(Bank.INTS) + 2);
    longs = grown(longs, program.registers(Bank.LONGS) + 2);
    for (Instruction.Fill fill : program.fills()) {
      fill.fill(this, constants.get(fill.slot()), most);
    }
  }

  /// Makes sure of so many registers in each bank.
  void reserve(int count) {
    floats = grown(floats, count);
    doubles = grown(doubles, count);
    ints = grown(ints, count);
    longs = grown(longs, count);
  }

  /// Elements of register `to` take in those of register `from`.
  void combine(Bank bank, Reduce.Kind kind, int to, int toAt, int from, int fromAt, int n) {
    switch (bank) {
      case FLOATS -> loops.combine(kind, floats[to], toAt, floats[from], fromAt, n);
      case DOUBLES -> DoubleLoops.combine(kind, doubles[to], toAt, doubles[from], fromAt, n);
      case INTS -> IntLoops.combine(kind, ints[to], toAt, ints[from], fromAt, n);
      case LONGS -> LongLoops.combine(kind, longs[to], toAt, longs[from], fromAt, n);
    }
  }

  /// The first element of a register becomes the fold of its first `n`.
  void fold(Bank bank, Reduce.Kind kind, int register, int n) {
    switch (bank) {
      case FLOATS -> floats[register][0] = loops.fold(kind, floats[register], 0, n);
      case DOUBLES -> doubles[register][0] = DoubleLoops.fold(kind, doubles[register], 0, n);
      case INTS -> ints[register][0] = IntLoops.fold(kind, ints[register], 0, n);
      case LONGS -> longs[register][0] = LongLoops.fold(kind, longs[register], 0, n);
    }
  }

  /// Copies elements of register `from` to register `to`, which may be the same.
  void copy(Bank bank, int to, int toAt, int from, int fromAt, int n) {
    switch (bank) {
      case FLOATS -> System.arraycopy(floats[from], fromAt, floats[to], toAt, n);
      case DOUBLES -> System.arraycopy(doubles[from], fromAt, doubles[to], toAt, n);
      case INTS -> System.arraycopy(ints[from], fromAt, ints[to], toAt, n);
      case LONGS -> System.arraycopy(longs[from], fromAt, longs[to], toAt, n);
    }
  }

  /// Room for the coordinates of the element that a path has come to.
  long[] coordinates(int rank) {
    if (coordinates.length < rank) {
      coordinates = new long[rank];
    }
    return coordinates;
  }

  void moveTo(long index) {
    position = index;
  }

  /// Reads the block at the current position along path `path` into a register.
  void load(int path, int register, int n) {
    paths[path].load(this, register, position, n);
  }

  private static float[][] grown(float[][] registers, int count) {
    if (registers.length >= count) {
      return registers;
    }
    float[][] more = Arrays.copyOf(registers, count);
    Arrays.setAll(more, i -> i < registers.length ? registers[i] : new float[BLOCK]);
    return more;
  }

  private static double[][] grown(double[][] registers, int count) {
    if (registers.length >= count) {
      return registers;
    }
    double[][] more = Arrays.copyOf(registers, count);
    Arrays.setAll(more, i -> i < registers.length ? registers[i] : new double[BLOCK]);
    return more;
  }

  private static int[][] grown(int[][] registers, int count) {
    if (registers.length >= count) {
      return registers;
    }
    int[][] more = Arrays.copyOf(registers, count);
    Arrays.setAll(more, i -> i < registers.length ? registers[i] : new int[BLOCK]);
    return more;
  }

  private static long[][] grown(long[][] registers, int count) {
    if (registers.length >= count) {
      return registers;
    }
    long[][] more = Arrays.copyOf(registers, count);
    Arrays.setAll(more, i -> i < registers.length ? registers[i] : new long[BLOCK]);
    return more;
  }
}

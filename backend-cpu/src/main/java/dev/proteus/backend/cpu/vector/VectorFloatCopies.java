package dev.proteus.backend.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.proteus.type.DType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/// Copies between float matrices in native memory and `float[]`.
final class VectorFloatCopies {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();
  private static final VectorSpecies<Float> F8 = FloatVector.SPECIES_256;
  private static final VectorSpecies<Float> F4 = FloatVector.SPECIES_128;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final VectorSpecies<Integer> EIGHT = IntVector.SPECIES_256;

  /// Lanes that stay of the first of two vectors, and lanes that move over from the second, when
  /// blocks of 1, 2 or 4 change places.
  private static final IntVector LOW1 = low(1);

  private static final IntVector HIGH1 = high(1);
  private static final IntVector LOW2 = low(2);
  private static final IntVector HIGH2 = high(2);
  private static final IntVector LOW4 = low(4);
  private static final IntVector HIGH4 = high(4);

  /// Every second lane of two vectors.
  private static final IntVector EVEN =
      IntVector.fromArray(EIGHT, new int[] {0, 2, 4, 6, 8, 10, 12, 14}, 0);

  private VectorFloatCopies() {}

  private static IntVector low(int block) {
    int[] lanes = new int[8];
    for (int i = 0; i < 8; i++) {
      lanes[i] = (i & block) == 0 ? i : 8 + (i ^ block);
    }
    return IntVector.fromArray(EIGHT, lanes, 0);
  }

  private static IntVector high(int block) {
    int[] lanes = new int[8];
    for (int i = 0; i < 8; i++) {
      lanes[i] = (i & block) == 0 ? i ^ block : 8 + i;
    }
    return IntVector.fromArray(EIGHT, lanes, 0);
  }

  static void load(
      NativeMatrix from,
      long row,
      long column,
      int rows,
      int columns,
      float[] to,
      int at,
      int pitch) {
    if (from.dtype() != DType.FLOAT32) {
      FloatCopies.load(from, row, column, rows, columns, to, at, pitch);
    } else if (from.columnStride() == 1) {
      loadRows(from, row, column, rows, columns, to, at, pitch);
    } else if (from.rowStride() == 1 && Registers.HAS_256) {
      loadColumns(from, row, column, rows, columns, to, at, pitch);
    } else if (from.columnStride() == 2 && Registers.HAS_256) {
      for (int r = 0; r < rows; r++) {
        loadEverySecond(from.segment(), from.at(row + r, column), to, at + r * pitch, columns);
      }
    } else {
      FloatCopies.load(from, row, column, rows, columns, to, at, pitch);
    }
  }

  private static void loadRows(
      NativeMatrix from,
      long row,
      long column,
      int rows,
      int columns,
      float[] to,
      int at,
      int pitch) {
    for (int r = 0; r < rows; r++) {
      loadRun(from.segment(), from.at(row + r, column), to, at + r * pitch, columns);
    }
  }

  /// Copies `count` neighbours; the last vector may overlap the one before.
  private static void loadRun(MemorySegment from, long start, float[] to, int at, int count) {
    if (count < L) {
      loadShort(from, start, to, at, count);
      return;
    }
    for (int c = 0; c <= count - L; c += L) {
      FloatVector.fromMemorySegment(S, from, start + 4L * c, ORDER).intoArray(to, at + c);
    }
    int last = count - L;
    FloatVector.fromMemorySegment(S, from, start + 4L * last, ORDER).intoArray(to, at + last);
  }

  /// Copies fewer neighbours than a vector has, by two shorter vectors that may overlap.
  private static void loadShort(MemorySegment from, long start, float[] to, int at, int count) {
    if (L > 8 && count >= 8) {
      FloatVector.fromMemorySegment(F8, from, start, ORDER).intoArray(to, at);
      int last = count - 8;
      FloatVector.fromMemorySegment(F8, from, start + 4L * last, ORDER).intoArray(to, at + last);
    } else if (L > 4 && count >= 4) {
      FloatVector.fromMemorySegment(F4, from, start, ORDER).intoArray(to, at);
      int last = count - 4;
      FloatVector.fromMemorySegment(F4, from, start + 4L * last, ORDER).intoArray(to, at + last);
    } else {
      for (int c = 0; c < count; c++) {
        to[at + c] = from.get(JAVA_FLOAT_UNALIGNED, start + 4L * c);
      }
    }
  }

  private static void loadEverySecond(
      MemorySegment from, long start, float[] to, int at, int count) {
    int c = 0;
    for (; c + 8 < count; c += 8) {
      IntVector low = IntVector.fromMemorySegment(EIGHT, from, start + 8L * c, ORDER);
      IntVector high = IntVector.fromMemorySegment(EIGHT, from, start + 8L * c + 32, ORDER);
      put(EVEN.selectFrom(low, high), to, at + c);
    }
    for (; c < count; c++) {
      to[at + c] = from.get(JAVA_FLOAT_UNALIGNED, start + 8L * c);
    }
  }

  private static void loadColumns(
      NativeMatrix from,
      long row,
      long column,
      int rows,
      int columns,
      float[] to,
      int at,
      int pitch) {
    int wholeRows = rows & -8;
    int wholeColumns = columns & -8;
    long across = 4 * from.columnStride();
    for (int c = 0; c < wholeColumns; c += 8) {
      for (int r = 0; r < wholeRows; r += 8) {
        turn(from.segment(), from.at(row + r, column + c), across, to, at + r * pitch + c, pitch);
      }
    }
    if (wholeRows < rows) {
      FloatCopies.load(
          from,
          row + wholeRows,
          column,
          rows - wholeRows,
          columns,
          to,
          at + wholeRows * pitch,
          pitch);
    }
    if (wholeColumns < columns) {
      FloatCopies.load(
          from,
          row,
          column + wholeColumns,
          wholeRows,
          columns - wholeColumns,
          to,
          at + wholeColumns,
          pitch);
    }
  }

  /// Transposes a square of 8 by 8 on its way from memory: neighbours, then pairs, then quadruples
  /// change places.
  private static void turn(
      MemorySegment from, long start, long stride, float[] to, int at, int pitch) {
    IntVector r0 = IntVector.fromMemorySegment(EIGHT, from, start, ORDER);
    IntVector r1 = IntVector.fromMemorySegment(EIGHT, from, start + stride, ORDER);
    IntVector r2 = IntVector.fromMemorySegment(EIGHT, from, start + 2 * stride, ORDER);
    IntVector r3 = IntVector.fromMemorySegment(EIGHT, from, start + 3 * stride, ORDER);
    IntVector r4 = IntVector.fromMemorySegment(EIGHT, from, start + 4 * stride, ORDER);
    IntVector r5 = IntVector.fromMemorySegment(EIGHT, from, start + 5 * stride, ORDER);
    IntVector r6 = IntVector.fromMemorySegment(EIGHT, from, start + 6 * stride, ORDER);
    IntVector r7 = IntVector.fromMemorySegment(EIGHT, from, start + 7 * stride, ORDER);
    IntVector s0 = LOW1.selectFrom(r0, r1);
    IntVector s1 = HIGH1.selectFrom(r0, r1);
    IntVector s2 = LOW1.selectFrom(r2, r3);
    IntVector s3 = HIGH1.selectFrom(r2, r3);
    IntVector s4 = LOW1.selectFrom(r4, r5);
    IntVector s5 = HIGH1.selectFrom(r4, r5);
    IntVector s6 = LOW1.selectFrom(r6, r7);
    IntVector s7 = HIGH1.selectFrom(r6, r7);
    r0 = LOW2.selectFrom(s0, s2);
    r1 = LOW2.selectFrom(s1, s3);
    r2 = HIGH2.selectFrom(s0, s2);
    r3 = HIGH2.selectFrom(s1, s3);
    r4 = LOW2.selectFrom(s4, s6);
    r5 = LOW2.selectFrom(s5, s7);
    r6 = HIGH2.selectFrom(s4, s6);
    r7 = HIGH2.selectFrom(s5, s7);
    put(LOW4.selectFrom(r0, r4), to, at);
    put(LOW4.selectFrom(r1, r5), to, at + pitch);
    put(LOW4.selectFrom(r2, r6), to, at + 2 * pitch);
    put(LOW4.selectFrom(r3, r7), to, at + 3 * pitch);
    put(HIGH4.selectFrom(r0, r4), to, at + 4 * pitch);
    put(HIGH4.selectFrom(r1, r5), to, at + 5 * pitch);
    put(HIGH4.selectFrom(r2, r6), to, at + 6 * pitch);
    put(HIGH4.selectFrom(r3, r7), to, at + 7 * pitch);
  }

  /// Transposes a square of 8 by 8 on its way to memory.
  private static void turnBack(
      float[] from, int at, int pitch, MemorySegment to, long start, long stride) {
    IntVector r0 = FloatVector.fromArray(F8, from, at).reinterpretAsInts();
    IntVector r1 = FloatVector.fromArray(F8, from, at + pitch).reinterpretAsInts();
    IntVector r2 = FloatVector.fromArray(F8, from, at + 2 * pitch).reinterpretAsInts();
    IntVector r3 = FloatVector.fromArray(F8, from, at + 3 * pitch).reinterpretAsInts();
    IntVector r4 = FloatVector.fromArray(F8, from, at + 4 * pitch).reinterpretAsInts();
    IntVector r5 = FloatVector.fromArray(F8, from, at + 5 * pitch).reinterpretAsInts();
    IntVector r6 = FloatVector.fromArray(F8, from, at + 6 * pitch).reinterpretAsInts();
    IntVector r7 = FloatVector.fromArray(F8, from, at + 7 * pitch).reinterpretAsInts();
    IntVector s0 = LOW1.selectFrom(r0, r1);
    IntVector s1 = HIGH1.selectFrom(r0, r1);
    IntVector s2 = LOW1.selectFrom(r2, r3);
    IntVector s3 = HIGH1.selectFrom(r2, r3);
    IntVector s4 = LOW1.selectFrom(r4, r5);
    IntVector s5 = HIGH1.selectFrom(r4, r5);
    IntVector s6 = LOW1.selectFrom(r6, r7);
    IntVector s7 = HIGH1.selectFrom(r6, r7);
    r0 = LOW2.selectFrom(s0, s2);
    r1 = LOW2.selectFrom(s1, s3);
    r2 = HIGH2.selectFrom(s0, s2);
    r3 = HIGH2.selectFrom(s1, s3);
    r4 = LOW2.selectFrom(s4, s6);
    r5 = LOW2.selectFrom(s5, s7);
    r6 = HIGH2.selectFrom(s4, s6);
    r7 = HIGH2.selectFrom(s5, s7);
    LOW4.selectFrom(r0, r4).intoMemorySegment(to, start, ORDER);
    LOW4.selectFrom(r1, r5).intoMemorySegment(to, start + stride, ORDER);
    LOW4.selectFrom(r2, r6).intoMemorySegment(to, start + 2 * stride, ORDER);
    LOW4.selectFrom(r3, r7).intoMemorySegment(to, start + 3 * stride, ORDER);
    HIGH4.selectFrom(r0, r4).intoMemorySegment(to, start + 4 * stride, ORDER);
    HIGH4.selectFrom(r1, r5).intoMemorySegment(to, start + 5 * stride, ORDER);
    HIGH4.selectFrom(r2, r6).intoMemorySegment(to, start + 6 * stride, ORDER);
    HIGH4.selectFrom(r3, r7).intoMemorySegment(to, start + 7 * stride, ORDER);
  }

  private static void put(IntVector bits, float[] to, int at) {
    bits.reinterpretAsFloats().intoArray(to, at);
  }

  static void store(
      float[] from,
      int at,
      int pitch,
      int rows,
      int columns,
      NativeMatrix to,
      long row,
      long column) {
    if (to.dtype() != DType.FLOAT32) {
      FloatCopies.store(from, at, pitch, rows, columns, to, row, column);
    } else if (to.columnStride() == 1) {
      for (int r = 0; r < rows; r++) {
        storeRun(from, at + r * pitch, to.segment(), to.at(row + r, column), columns);
      }
    } else if (to.rowStride() == 1 && Registers.HAS_256) {
      storeColumns(from, at, pitch, rows, columns, to, row, column);
    } else {
      FloatCopies.store(from, at, pitch, rows, columns, to, row, column);
    }
  }

  private static void storeColumns(
      float[] from,
      int at,
      int pitch,
      int rows,
      int columns,
      NativeMatrix to,
      long row,
      long column) {
    int wholeRows = rows & -8;
    int wholeColumns = columns & -8;
    long across = 4 * to.columnStride();
    for (int c = 0; c < wholeColumns; c += 8) {
      for (int r = 0; r < wholeRows; r += 8) {
        turnBack(from, at + r * pitch + c, pitch, to.segment(), to.at(row + r, column + c), across);
      }
    }
    if (wholeRows < rows) {
      FloatCopies.store(
          from,
          at + wholeRows * pitch,
          pitch,
          rows - wholeRows,
          columns,
          to,
          row + wholeRows,
          column);
    }
    if (wholeColumns < columns) {
      FloatCopies.store(
          from,
          at + wholeColumns,
          pitch,
          wholeRows,
          columns - wholeColumns,
          to,
          row,
          column + wholeColumns);
    }
  }

  /// The reverse of [#loadRun].
  private static void storeRun(float[] from, int at, MemorySegment to, long start, int count) {
    if (count < L) {
      storeShort(from, at, to, start, count);
      return;
    }
    for (int c = 0; c <= count - L; c += L) {
      FloatVector.fromArray(S, from, at + c).intoMemorySegment(to, start + 4L * c, ORDER);
    }
    int last = count - L;
    FloatVector.fromArray(S, from, at + last).intoMemorySegment(to, start + 4L * last, ORDER);
  }

  private static void storeShort(float[] from, int at, MemorySegment to, long start, int count) {
    if (L > 8 && count >= 8) {
      FloatVector.fromArray(F8, from, at).intoMemorySegment(to, start, ORDER);
      int last = count - 8;
      FloatVector.fromArray(F8, from, at + last).intoMemorySegment(to, start + 4L * last, ORDER);
    } else if (L > 4 && count >= 4) {
      FloatVector.fromArray(F4, from, at).intoMemorySegment(to, start, ORDER);
      int last = count - 4;
      FloatVector.fromArray(F4, from, at + last).intoMemorySegment(to, start + 4L * last, ORDER);
    } else {
      for (int c = 0; c < count; c++) {
        to.set(JAVA_FLOAT_UNALIGNED, start + 4L * c, from[at + c]);
      }
    }
  }
}

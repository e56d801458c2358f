package dev.proteus.backend.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.proteus.type.DType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/// Copies between float matrices in native memory and `float[]`.
///
/// As in [VectorRowLoops], methods with vectors are large, or else the compiler would inline them.
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
    } else if (from.columnStride() == 1 || from.columnStride() == 2 && Registers.HAS_256) {
      loadRows(from, row, column, rows, columns, to, at, pitch);
    } else if (from.rowStride() == 1 && Registers.HAS_256) {
      loadColumns(from, row, column, rows, columns, to, at, pitch);
    } else {
      FloatCopies.load(from, row, column, rows, columns, to, at, pitch);
    }
  }

  /// Copies rows of neighbours, or of every second element. The last vector of a row may overlap
  /// the one before; rows shorter than a vector are two shorter vectors, which may overlap too.
  private static void loadRows(
      NativeMatrix from,
      long row,
      long column,
      int rows,
      int columns,
      float[] to,
      int at,
      int pitch) {
    MemorySegment segment = from.segment();
    for (int r = 0; r < rows; r++) {
      long start = from.at(row + r, column);
      int q = at + r * pitch;
      if (from.columnStride() == 2) {
        int c = 0;
        for (; c + 8 < columns; c += 8) {
          IntVector low = IntVector.fromMemorySegment(EIGHT, segment, start + 8L * c, ORDER);
          IntVector high = IntVector.fromMemorySegment(EIGHT, segment, start + 8L * c + 32, ORDER);
          EVEN.selectFrom(low, high).reinterpretAsFloats().intoArray(to, q + c);
        }
        for (; c < columns; c++) {
          to[q + c] = segment.get(JAVA_FLOAT_UNALIGNED, start + 8L * c);
        }
      } else if (columns >= L) {
        for (int c = 0; c <= columns - L; c += L) {
          FloatVector.fromMemorySegment(S, segment, start + 4L * c, ORDER).intoArray(to, q + c);
        }
        int last = columns - L;
        FloatVector.fromMemorySegment(S, segment, start + 4L * last, ORDER).intoArray(to, q + last);
      } else if (L > 8 && columns >= 8) {
        int last = columns - 8;
        FloatVector.fromMemorySegment(F8, segment, start, ORDER).intoArray(to, q);
        FloatVector.fromMemorySegment(F8, segment, start + 4L * last, ORDER)
            .intoArray(to, q + last);
      } else if (L > 4 && columns >= 4) {
        int last = columns - 4;
        FloatVector.fromMemorySegment(F4, segment, start, ORDER).intoArray(to, q);
        FloatVector.fromMemorySegment(F4, segment, start + 4L * last, ORDER)
            .intoArray(to, q + last);
      } else {
        for (int c = 0; c < columns; c++) {
          to[q + c] = segment.get(JAVA_FLOAT_UNALIGNED, start + 4L * c);
        }
      }
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
    LOW4.selectFrom(r0, r4).reinterpretAsFloats().intoArray(to, at);
    LOW4.selectFrom(r1, r5).reinterpretAsFloats().intoArray(to, at + pitch);
    LOW4.selectFrom(r2, r6).reinterpretAsFloats().intoArray(to, at + 2 * pitch);
    LOW4.selectFrom(r3, r7).reinterpretAsFloats().intoArray(to, at + 3 * pitch);
    HIGH4.selectFrom(r0, r4).reinterpretAsFloats().intoArray(to, at + 4 * pitch);
    HIGH4.selectFrom(r1, r5).reinterpretAsFloats().intoArray(to, at + 5 * pitch);
    HIGH4.selectFrom(r2, r6).reinterpretAsFloats().intoArray(to, at + 6 * pitch);
    HIGH4.selectFrom(r3, r7).reinterpretAsFloats().intoArray(to, at + 7 * pitch);
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
      storeRows(from, at, pitch, rows, columns, to, row, column);
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

  /// The reverse of [#loadRows].
  private static void storeRows(
      float[] from,
      int at,
      int pitch,
      int rows,
      int columns,
      NativeMatrix to,
      long row,
      long column) {
    MemorySegment segment = to.segment();
    for (int r = 0; r < rows; r++) {
      long start = to.at(row + r, column);
      int q = at + r * pitch;
      if (columns >= L) {
        for (int c = 0; c <= columns - L; c += L) {
          FloatVector.fromArray(S, from, q + c).intoMemorySegment(segment, start + 4L * c, ORDER);
        }
        int last = columns - L;
        FloatVector.fromArray(S, from, q + last)
            .intoMemorySegment(segment, start + 4L * last, ORDER);
      } else if (L > 8 && columns >= 8) {
        int last = columns - 8;
        FloatVector.fromArray(F8, from, q).intoMemorySegment(segment, start, ORDER);
        FloatVector.fromArray(F8, from, q + last)
            .intoMemorySegment(segment, start + 4L * last, ORDER);
      } else if (L > 4 && columns >= 4) {
        int last = columns - 4;
        FloatVector.fromArray(F4, from, q).intoMemorySegment(segment, start, ORDER);
        FloatVector.fromArray(F4, from, q + last)
            .intoMemorySegment(segment, start + 4L * last, ORDER);
      } else {
        for (int c = 0; c < columns; c++) {
          segment.set(JAVA_FLOAT_UNALIGNED, start + 4L * c, from[q + c]);
        }
      }
    }
  }
}

package dev.proteus.backend.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/// [RowProducts] as plain loops.
public final class ScalarRowProducts implements RowProducts {
  @Override
  public void addRows(
      int depth, float[] x, NativeMatrix b, long column, int columns, float[] sums, int at) {
    for (int k = 0; k < depth; k++) {
      addRow(x[k], b.segment(), b.at(k, column), columns, sums, at);
    }
  }

  private static void addRow(
      float x, MemorySegment b, long start, int columns, float[] sums, int at) {
    for (int j = 0; j < columns; j++) {
      sums[at + j] += x * b.get(JAVA_FLOAT_UNALIGNED, start + 4L * j);
    }
  }

  @Override
  public void dots(
      int depth, float[] x, NativeMatrix b, long column, int columns, float[] sums, int at) {
    for (int j = 0; j < columns; j++) {
      sums[at + j] = dot(depth, x, b.segment(), b.at(0, column + j));
    }
  }

  /// Four sums, so that additions need not wait for each other.
  private static float dot(int depth, float[] x, MemorySegment b, long start) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int k = 0;
    for (; k + 4 <= depth; k += 4) {
      long p = start + 4L * k;
      s0 += x[k] * b.get(JAVA_FLOAT_UNALIGNED, p);
      s1 += x[k + 1] * b.get(JAVA_FLOAT_UNALIGNED, p + 4);
      s2 += x[k + 2] * b.get(JAVA_FLOAT_UNALIGNED, p + 8);
      s3 += x[k + 3] * b.get(JAVA_FLOAT_UNALIGNED, p + 12);
    }
    for (; k < depth; k++) {
      s0 += x[k] * b.get(JAVA_FLOAT_UNALIGNED, start + 4L * k);
    }
    return s0 + s1 + (s2 + s3);
  }
}

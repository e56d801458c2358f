package dev.proteus.backend.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/// [CodeProducts] as plain loops.
public final class ScalarCodeProducts implements CodeProducts {
  @Override
  public void int8(
      int depth,
      float[] x,
      int pitch,
      int rows,
      NativeMatrix codes,
      long first,
      int count,
      float[] sums,
      int at,
      int sumPitch) {
    for (int j = 0; j < count; j++) {
      long start = codes.at(first + j, 0);
      for (int r = 0; r < rows; r++) {
        sums[at + r * sumPitch + j] = dot(depth, x, r * pitch, codes.segment(), start);
      }
    }
  }

  /// Four sums, so that additions need not wait for each other.
  private static float dot(int depth, float[] x, int xAt, MemorySegment w, long start) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int k = 0;
    for (; k + 4 <= depth; k += 4) {
      s0 += x[xAt + k] * w.get(JAVA_BYTE, start + k);
      s1 += x[xAt + k + 1] * w.get(JAVA_BYTE, start + k + 1);
      s2 += x[xAt + k + 2] * w.get(JAVA_BYTE, start + k + 2);
      s3 += x[xAt + k + 3] * w.get(JAVA_BYTE, start + k + 3);
    }
    for (; k < depth; k++) {
      s0 += x[xAt + k] * w.get(JAVA_BYTE, start + k);
    }
    return s0 + s1 + (s2 + s3);
  }

  @Override
  public void int4(
      int blocks,
      float[] x,
      int pitch,
      int rows,
      NativeMatrix codes,
      long row,
      float[] scales,
      float[] minima,
      float[] sums,
      int at,
      int sumPitch) {
    for (int r = 0; r < rows; r++) {
      float sum = 0;
      for (int b = 0; b < blocks; b++) {
        long start = codes.at(row, (long) b * BLOCK / 2);
        sum += block(x, r * pitch + b * BLOCK, codes.segment(), start, scales[b], minima[b]);
      }
      sums[at + r * sumPitch] = sum;
    }
  }

  private static float block(
      float[] x, int xAt, MemorySegment w, long start, float scale, float minimum) {
    float low = 0;
    float high = 0;
    for (int k = 0; k < BLOCK / 2; k++) {
      int two = w.get(JAVA_BYTE, start + k);
      low += x[xAt + k] * ((two & 15) * scale + minimum);
      high += x[xAt + k + BLOCK / 2] * ((two >> 4 & 15) * scale + minimum);
    }
    return low + high;
  }

  @Override
  public void floats8(
      int depth, NativeMatrix codes, long row, float scale, MemorySegment to, long start) {
    long from = codes.at(row, 0);
    for (int k = 0; k < depth; k++) {
      float value = codes.segment().get(JAVA_BYTE, from + k) * scale;
      to.set(JAVA_FLOAT_UNALIGNED, start + 4L * k, value);
    }
  }

  @Override
  public void floats4(
      int blocks,
      NativeMatrix codes,
      long row,
      float[] scales,
      float[] minima,
      MemorySegment to,
      long start) {
    long from = codes.at(row, 0);
    for (int i = 0; i < blocks * (BLOCK / 2); i++) {
      int two = codes.segment().get(JAVA_BYTE, from + i);
      int b = i / (BLOCK / 2);
      long low = start + 4L * (b * BLOCK + i % (BLOCK / 2));
      to.set(JAVA_FLOAT_UNALIGNED, low, (two & 15) * scales[b] + minima[b]);
      to.set(JAVA_FLOAT_UNALIGNED, low + 2 * BLOCK, (two >> 4 & 15) * scales[b] + minima[b]);
    }
  }
}

package dev.proteus.backend.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// [RowProducts] with the Vector API.
public final class VectorRowProducts implements RowProducts {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  @Override
  public void addRows(
      int depth, float[] x, NativeMatrix b, long column, int columns, float[] sums, int at) {
    MemorySegment segment = b.segment();
    long stride = 4 * b.rowStride();
    int k = 0;
    for (; k + 4 <= depth; k += 4) {
      addFour(x, k, segment, b.at(k, column), stride, columns, sums, at);
    }
    for (; k < depth; k++) {
      addOne(x[k], segment, b.at(k, column), columns, sums, at);
    }
  }

  private static void addFour(
      float[] x,
      int k,
      MemorySegment b,
      long start,
      long stride,
      int columns,
      float[] sums,
      int at) {
    float x0 = x[k];
    float x1 = x[k + 1];
    float x2 = x[k + 2];
    float x3 = x[k + 3];
    int j = 0;
    for (; j <= columns - L; j += L) {
      long p = start + 4L * j;
      FloatVector sum = FloatVector.fromArray(S, sums, at + j);
      sum = FloatVector.fromMemorySegment(S, b, p, ORDER).fma(FloatVector.broadcast(S, x0), sum);
      sum =
          FloatVector.fromMemorySegment(S, b, p + stride, ORDER)
              .fma(FloatVector.broadcast(S, x1), sum);
      sum =
          FloatVector.fromMemorySegment(S, b, p + 2 * stride, ORDER)
              .fma(FloatVector.broadcast(S, x2), sum);
      sum =
          FloatVector.fromMemorySegment(S, b, p + 3 * stride, ORDER)
              .fma(FloatVector.broadcast(S, x3), sum);
      sum.intoArray(sums, at + j);
    }
    for (; j < columns; j++) {
      long p = start + 4L * j;
      sums[at + j] +=
          x0 * b.get(JAVA_FLOAT_UNALIGNED, p)
              + x1 * b.get(JAVA_FLOAT_UNALIGNED, p + stride)
              + x2 * b.get(JAVA_FLOAT_UNALIGNED, p + 2 * stride)
              + x3 * b.get(JAVA_FLOAT_UNALIGNED, p + 3 * stride);
    }
  }

  private static void addOne(
      float x, MemorySegment b, long start, int columns, float[] sums, int at) {
    for (int j = 0; j < columns; j++) {
      sums[at + j] += x * b.get(JAVA_FLOAT_UNALIGNED, start + 4L * j);
    }
  }

  @Override
  public void dots(
      int depth, float[] x, NativeMatrix b, long column, int columns, float[] sums, int at) {
    MemorySegment segment = b.segment();
    long stride = 4 * b.columnStride();
    int j = 0;
    for (; j + 4 <= columns; j += 4) {
      fourDots(depth, x, segment, b.at(0, column + j), stride, sums, at + j);
    }
    for (; j < columns; j++) {
      sums[at + j] = dot(depth, x, segment, b.at(0, column + j));
    }
  }

  private static void fourDots(
      int depth, float[] x, MemorySegment b, long start, long stride, float[] sums, int at) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int k = 0;
    for (; k <= depth - L; k += L) {
      long p = start + 4L * k;
      FloatVector v = FloatVector.fromArray(S, x, k);
      s0 = FloatVector.fromMemorySegment(S, b, p, ORDER).fma(v, s0);
      s1 = FloatVector.fromMemorySegment(S, b, p + stride, ORDER).fma(v, s1);
      s2 = FloatVector.fromMemorySegment(S, b, p + 2 * stride, ORDER).fma(v, s2);
      s3 = FloatVector.fromMemorySegment(S, b, p + 3 * stride, ORDER).fma(v, s3);
    }
    sums[at] = VectorMath.sum(s0) + rest(x, k, depth, b, start);
    sums[at + 1] = VectorMath.sum(s1) + rest(x, k, depth, b, start + stride);
    sums[at + 2] = VectorMath.sum(s2) + rest(x, k, depth, b, start + 2 * stride);
    sums[at + 3] = VectorMath.sum(s3) + rest(x, k, depth, b, start + 3 * stride);
  }

  private static float rest(float[] x, int from, int depth, MemorySegment b, long start) {
    float sum = 0;
    for (int k = from; k < depth; k++) {
      sum += x[k] * b.get(JAVA_FLOAT_UNALIGNED, start + 4L * k);
    }
    return sum;
  }

  private static float dot(int depth, float[] x, MemorySegment b, long start) {
    FloatVector sum = FloatVector.zero(S);
    int k = 0;
    for (; k <= depth - L; k += L) {
      FloatVector v = FloatVector.fromArray(S, x, k);
      sum = FloatVector.fromMemorySegment(S, b, start + 4L * k, ORDER).fma(v, sum);
    }
    return VectorMath.sum(sum) + rest(x, k, depth, b, start);
  }
}

package dev.proteus.backend.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// [CodeProducts] with the Vector API, for vectors of 8 or 16 floats: shorter ones have no vector
/// of as many bytes.
public final class VectorCodeProducts implements CodeProducts {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final int L = S.length();
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, 8 * L)));
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

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
    MemorySegment w = codes.segment();
    long stride = codes.rowStride();
    int j = 0;
    for (; j + 4 <= count; j += 4) {
      long start = codes.at(first + j, 0);
      int r = 0;
      for (; r + 2 <= rows; r += 2) {
        int to = at + r * sumPitch + j;
        twoByFour(depth, x, r * pitch, pitch, w, start, stride, sums, to, sumPitch);
      }
      if (r < rows) {
        oneByFour(depth, x, r * pitch, w, start, stride, sums, at + r * sumPitch + j);
      }
    }
    for (; j < count; j++) {
      for (int r = 0; r < rows; r++) {
        sums[at + r * sumPitch + j] = dot(depth, x, r * pitch, w, codes.at(first + j, 0));
      }
    }
  }

  private static FloatVector bytes(MemorySegment w, long at) {
    ByteVector bytes = ByteVector.fromMemorySegment(BYTES, w, at, ORDER);
    return (FloatVector) bytes.convertShape(VectorOperators.B2F, S, 0);
  }

  private static void oneByFour(
      int depth,
      float[] x,
      int xAt,
      MemorySegment w,
      long start,
      long stride,
      float[] sums,
      int at) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int k = 0;
    for (; k <= depth - L; k += L) {
      long p = start + k;
      FloatVector v = FloatVector.fromArray(S, x, xAt + k);
      s0 = bytes(w, p).fma(v, s0);
      s1 = bytes(w, p + stride).fma(v, s1);
      s2 = bytes(w, p + 2 * stride).fma(v, s2);
      s3 = bytes(w, p + 3 * stride).fma(v, s3);
    }
    sums[at] = VectorMath.sum(s0) + rest(depth, x, xAt, w, start, k);
    sums[at + 1] = VectorMath.sum(s1) + rest(depth, x, xAt, w, start + stride, k);
    sums[at + 2] = VectorMath.sum(s2) + rest(depth, x, xAt, w, start + 2 * stride, k);
    sums[at + 3] = VectorMath.sum(s3) + rest(depth, x, xAt, w, start + 3 * stride, k);
  }

  private static void twoByFour(
      int depth,
      float[] x,
      int xAt,
      int pitch,
      MemorySegment w,
      long start,
      long stride,
      float[] sums,
      int at,
      int sumPitch) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector t0 = s0;
    FloatVector t1 = s0;
    FloatVector t2 = s0;
    FloatVector t3 = s0;
    int k = 0;
    for (; k <= depth - L; k += L) {
      long p = start + k;
      FloatVector u = FloatVector.fromArray(S, x, xAt + k);
      FloatVector v = FloatVector.fromArray(S, x, xAt + pitch + k);
      FloatVector w0 = bytes(w, p);
      FloatVector w1 = bytes(w, p + stride);
      FloatVector w2 = bytes(w, p + 2 * stride);
      FloatVector w3 = bytes(w, p + 3 * stride);
      s0 = w0.fma(u, s0);
      t0 = w0.fma(v, t0);
      s1 = w1.fma(u, s1);
      t1 = w1.fma(v, t1);
      s2 = w2.fma(u, s2);
      t2 = w2.fma(v, t2);
      s3 = w3.fma(u, s3);
      t3 = w3.fma(v, t3);
    }
    sums[at] = VectorMath.sum(s0) + rest(depth, x, xAt, w, start, k);
    sums[at + 1] = VectorMath.sum(s1) + rest(depth, x, xAt, w, start + stride, k);
    sums[at + 2] = VectorMath.sum(s2) + rest(depth, x, xAt, w, start + 2 * stride, k);
    sums[at + 3] = VectorMath.sum(s3) + rest(depth, x, xAt, w, start + 3 * stride, k);
    int to = at + sumPitch;
    int from = xAt + pitch;
    sums[to] = VectorMath.sum(t0) + rest(depth, x, from, w, start, k);
    sums[to + 1] = VectorMath.sum(t1) + rest(depth, x, from, w, start + stride, k);
    sums[to + 2] = VectorMath.sum(t2) + rest(depth, x, from, w, start + 2 * stride, k);
    sums[to + 3] = VectorMath.sum(t3) + rest(depth, x, from, w, start + 3 * stride, k);
  }

  private static float dot(int depth, float[] x, int xAt, MemorySegment w, long start) {
    FloatVector sum = FloatVector.zero(S);
    int k = 0;
    for (; k <= depth - L; k += L) {
      sum = bytes(w, start + k).fma(FloatVector.fromArray(S, x, xAt + k), sum);
    }
    return VectorMath.sum(sum) + rest(depth, x, xAt, w, start, k);
  }

  private static float rest(int depth, float[] x, int xAt, MemorySegment w, long start, int from) {
    float sum = 0;
    for (int k = from; k < depth; k++) {
      sum += x[xAt + k] * w.get(JAVA_BYTE, start + k);
    }
    return sum;
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
    MemorySegment w = codes.segment();
    long start = codes.at(row, 0);
    int r = 0;
    for (; r + 4 <= rows; r += 4) {
      int to = at + r * sumPitch;
      fourRows(blocks, x, r * pitch, pitch, w, start, scales, minima, sums, to, sumPitch);
    }
    for (; r < rows; r++) {
      sums[at + r * sumPitch] = oneRow(blocks, x, r * pitch, w, start, scales, minima);
    }
  }

  private static IntVector codes(MemorySegment w, long at) {
    ByteVector bytes = ByteVector.fromMemorySegment(BYTES, w, at, ORDER);
    return (IntVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
  }

  private static FloatVector floats(IntVector codes, FloatVector scale, FloatVector minimum) {
    return ((FloatVector) codes.convertShape(VectorOperators.I2F, S, 0)).fma(scale, minimum);
  }

  private static FloatVector low(IntVector codes, FloatVector scale, FloatVector minimum) {
    return floats(codes.and(15), scale, minimum);
  }

  private static FloatVector high(IntVector codes, FloatVector scale, FloatVector minimum) {
    return floats(codes.lanewise(VectorOperators.LSHR, 4), scale, minimum);
  }

  private static float oneRow(
      int blocks, float[] x, int xAt, MemorySegment w, long start, float[] scales, float[] minima) {
    FloatVector lowSum = FloatVector.zero(S);
    FloatVector highSum = lowSum;
    for (int b = 0; b < blocks; b++) {
      FloatVector scale = FloatVector.broadcast(S, scales[b]);
      FloatVector minimum = FloatVector.broadcast(S, minima[b]);
      int from = xAt + b * BLOCK;
      for (int k = 0; k < BLOCK / 2; k += L) {
        IntVector codes = codes(w, start + b * (long) (BLOCK / 2) + k);
        lowSum = low(codes, scale, minimum).fma(FloatVector.fromArray(S, x, from + k), lowSum);
        highSum =
            high(codes, scale, minimum)
                .fma(FloatVector.fromArray(S, x, from + BLOCK / 2 + k), highSum);
      }
    }
    return VectorMath.sum(lowSum.add(highSum));
  }

  private static void fourRows(
      int blocks,
      float[] x,
      int xAt,
      int pitch,
      MemorySegment w,
      long start,
      float[] scales,
      float[] minima,
      float[] sums,
      int at,
      int sumPitch) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int b = 0; b < blocks; b++) {
      FloatVector scale = FloatVector.broadcast(S, scales[b]);
      FloatVector minimum = FloatVector.broadcast(S, minima[b]);
      for (int k = 0; k < BLOCK / 2; k += L) {
        int from = xAt + b * BLOCK + k;
        IntVector codes = codes(w, start + b * (long) (BLOCK / 2) + k);
        FloatVector low = low(codes, scale, minimum);
        FloatVector high = high(codes, scale, minimum);
        s0 = added(low, high, x, from, s0);
        s1 = added(low, high, x, from + pitch, s1);
        s2 = added(low, high, x, from + 2 * pitch, s2);
        s3 = added(low, high, x, from + 3 * pitch, s3);
      }
    }
    sums[at] = VectorMath.sum(s0);
    sums[at + sumPitch] = VectorMath.sum(s1);
    sums[at + 2 * sumPitch] = VectorMath.sum(s2);
    sums[at + 3 * sumPitch] = VectorMath.sum(s3);
  }

  private static FloatVector added(
      FloatVector low, FloatVector high, float[] x, int at, FloatVector sum) {
    FloatVector half = low.fma(FloatVector.fromArray(S, x, at), sum);
    return high.fma(FloatVector.fromArray(S, x, at + BLOCK / 2), half);
  }

  @Override
  public void floats8(
      int depth, NativeMatrix codes, long row, float scale, MemorySegment to, long start) {
    MemorySegment w = codes.segment();
    long from = codes.at(row, 0);
    FloatVector scales = FloatVector.broadcast(S, scale);
    int k = 0;
    for (; k <= depth - L; k += L) {
      bytes(w, from + k).mul(scales).intoMemorySegment(to, start + 4L * k, ORDER);
    }
    for (; k < depth; k++) {
      to.set(JAVA_FLOAT_UNALIGNED, start + 4L * k, w.get(JAVA_BYTE, from + k) * scale);
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
    MemorySegment w = codes.segment();
    long from = codes.at(row, 0);
    for (int b = 0; b < blocks; b++) {
      FloatVector scale = FloatVector.broadcast(S, scales[b]);
      FloatVector minimum = FloatVector.broadcast(S, minima[b]);
      for (int k = 0; k < BLOCK / 2; k += L) {
        IntVector some = codes(w, from + b * (long) (BLOCK / 2) + k);
        long at = start + 4L * (b * BLOCK + k);
        low(some, scale, minimum).intoMemorySegment(to, at, ORDER);
        high(some, scale, minimum).intoMemorySegment(to, at + 2 * BLOCK, ORDER);
      }
    }
  }
}

package dev.proteus.backend.cpu.vector;

import static dev.proteus.backend.cpu.vector.FloatMath.*;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// [RowLoops] with the Vector API.
///
/// All loops are called from one place, [#run], and loops call nothing but the Vector API. Both are
/// on purpose: the compiler has room for some forty vector operations. Were loops inlined into
/// their callers, it would stop half-way through one of them, and the vectors of that one become
/// objects.
public final class VectorRowLoops implements RowLoops {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, S.vectorShape());
  private static final int L = S.length();
  private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);
  private static final float[] NONE = {};

  /// For rows so short that vectors do not pay.
  private static final RowLoops SHORT = new ScalarRowLoops();

  private static final int MAX = 0;
  private static final int SUM = 1;
  private static final int SQUARES = 2;
  private static final int DOT = 3;
  private static final int EXP = 4;
  private static final int AFFINE = 5;
  private static final int NORMALIZE = 6;
  private static final int MULTIPLY = 7;
  private static final int ADD = 8;
  private static final int NORMALIZE_WEIGHTED = 9;
  private static final int ADD_PRODUCT = 10;
  private static final int COMBINE = 11;
  private static final int MAX_OR_NAN = 12;
  private static final int NEAR = 13;

  /// An array, because its elements are no constants to the compiler.
  private static final Loop[] LOOPS = {
    VectorRowLoops::maxLoop,
    VectorRowLoops::sumLoop,
    VectorRowLoops::squaresLoop,
    VectorRowLoops::dotLoop,
    VectorRowLoops::expLoop,
    VectorRowLoops::affineLoop,
    VectorRowLoops::normalizeLoop,
    VectorRowLoops::multiplyLoop,
    VectorRowLoops::addLoop,
    VectorRowLoops::normalizeWeightedLoop,
    VectorRowLoops::addProductLoop,
    VectorRowLoops::combineLoop,
    VectorRowLoops::maxOrNanLoop,
    VectorRowLoops::nearLoop,
  };

  /// A loop over up to three rows with up to three numbers.
  @FunctionalInterface
  private interface Loop {
    float run(
        float[] a,
        int at,
        float[] b,
        int bAt,
        float[] c,
        int cAt,
        int n,
        float x,
        float y,
        float z);
  }

  private static float run(
      int loop,
      float[] a,
      int at,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      int n,
      float x,
      float y,
      float z) {
    return LOOPS[loop].run(a, at, b, bAt, c, cAt, n, x, y, z);
  }

  @Override
  public float max(float[] a, int at, int n) {
    if (n < 2 * L) {
      return SHORT.max(a, at, n);
    }
    return run(MAX, a, at, NONE, 0, NONE, 0, n, 0, 0, 0);
  }

  @Override
  public float sum(float[] a, int at, int n) {
    if (n < 2 * L) {
      return SHORT.sum(a, at, n);
    }
    return run(SUM, a, at, NONE, 0, NONE, 0, n, 0, 0, 0);
  }

  @Override
  public float sumOfSquares(float[] a, int at, int n, float shift) {
    if (n < 2 * L) {
      return SHORT.sumOfSquares(a, at, n, shift);
    }
    return run(SQUARES, a, at, NONE, 0, NONE, 0, n, shift, 0, 0);
  }

  @Override
  public float dot(float[] a, int at, float[] b, int bAt, int n) {
    if (n < 2 * L) {
      return SHORT.dot(a, at, b, bAt, n);
    }
    return run(DOT, a, at, b, bAt, NONE, 0, n, 0, 0, 0);
  }

  @Override
  public int placeOfMax(float[] a, int at, int n) {
    if (n < 2 * L) {
      return SHORT.placeOfMax(a, at, n);
    }
    float most = run(MAX_OR_NAN, a, at, NONE, 0, NONE, 0, n, 0, 0, 0);
    int from = (int) run(NEAR, a, at, NONE, 0, NONE, 0, n, most, 0, 0);
    return from + SHORT.placeOfMax(a, at + from, Math.min(L, n - from));
  }

  @Override
  public float exp(float[] a, int at, int n, float shift) {
    if (n < 2 * L) {
      return SHORT.exp(a, at, n, shift);
    }
    return run(EXP, a, at, NONE, 0, NONE, 0, n, shift, 0, 0);
  }

  @Override
  public void affine(float[] a, int at, int n, float factor, float term) {
    if (n < 2 * L) {
      SHORT.affine(a, at, n, factor, term);
      return;
    }
    run(AFFINE, a, at, NONE, 0, NONE, 0, n, factor, term, 0);
  }

  @Override
  public void normalize(float[] a, int at, int n, float shift, float factor) {
    if (n < 2 * L) {
      SHORT.normalize(a, at, n, shift, factor);
      return;
    }
    run(NORMALIZE, a, at, NONE, 0, NONE, 0, n, shift, factor, 0);
  }

  @Override
  public void multiply(float[] a, int at, float[] b, int bAt, int n) {
    if (n < 2 * L) {
      SHORT.multiply(a, at, b, bAt, n);
      return;
    }
    run(MULTIPLY, a, at, b, bAt, NONE, 0, n, 0, 0, 0);
  }

  @Override
  public void add(float[] a, int at, float[] b, int bAt, int n) {
    if (n < 2 * L) {
      SHORT.add(a, at, b, bAt, n);
      return;
    }
    run(ADD, a, at, b, bAt, NONE, 0, n, 0, 0, 0);
  }

  @Override
  public void normalizeWeighted(
      float[] a, int at, int n, float shift, float factor, float[] b, int bAt, float[] c, int cAt) {
    if (n < 2 * L) {
      SHORT.normalizeWeighted(a, at, n, shift, factor, b, bAt, c, cAt);
      return;
    }
    run(NORMALIZE_WEIGHTED, a, at, b, bAt, c, cAt, n, shift, factor, 0);
  }

  @Override
  public void addProduct(float[] to, int toAt, float[] a, int at, float[] b, int bAt, int n) {
    if (n < 2 * L) {
      SHORT.addProduct(to, toAt, a, at, b, bAt, n);
      return;
    }
    run(ADD_PRODUCT, to, toAt, a, at, b, bAt, n, 0, 0, 0);
  }

  @Override
  public void combine(
      float[] a, int at, float factor, float[] b, int bAt, float other, float term, int n) {
    if (n < 2 * L) {
      SHORT.combine(a, at, factor, b, bAt, other, term, n);
      return;
    }
    run(COMBINE, a, at, b, bAt, NONE, 0, n, factor, other, term);
  }

  @Override
  public void keepMax(float[] max, int[] which, int maxAt, float[] a, int at, int n, int number) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector x = FloatVector.fromArray(S, a, at + i);
      FloatVector m = FloatVector.fromArray(S, max, maxAt + i);
      VectorMask<Float> nan = x.test(VectorOperators.IS_NAN).andNot(m.test(VectorOperators.IS_NAN));
      VectorMask<Float> larger = x.compare(VectorOperators.GT, m).or(nan);
      m.blend(x, larger).intoArray(max, maxAt + i);
      IntVector.fromArray(INTS, which, maxAt + i)
          .blend(number, larger.cast(INTS))
          .intoArray(which, maxAt + i);
    }
    for (; i < n; i++) {
      float x = a[at + i];
      float m = max[maxAt + i];
      if (x > m || Float.isNaN(x) && !Float.isNaN(m)) {
        max[maxAt + i] = x;
        which[maxAt + i] = number;
      }
    }
  }

  /// A comparison with NaN is false, so NaN is passed over, and costs less than the maximum of
  /// vectors.
  private static float maxLoop(
      float[] a, int at, float[] b, int bAt, float[] c, int cAt, int n, float x, float y, float z) {
    FloatVector m0 = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
    FloatVector m1 = m0;
    int i = 0;
    for (; i <= n - 2 * L; i += 2 * L) {
      FloatVector v = FloatVector.fromArray(S, a, at + i);
      FloatVector w = FloatVector.fromArray(S, a, at + i + L);
      m0 = m0.blend(v, v.compare(VectorOperators.GT, m0));
      m1 = m1.blend(w, w.compare(VectorOperators.GT, m1));
    }
    m0 = m0.blend(m1, m1.compare(VectorOperators.GT, m0));
    float rest = SHORT.max(a, at + i, n - i);
    float most = m0.reduceLanes(VectorOperators.MAX);
    return rest > most ? rest : most;
  }

  /// NaN if there is one, else the largest element.
  private static float maxOrNanLoop(
      float[] a, int at, float[] b, int bAt, float[] c, int cAt, int n, float x, float y, float z) {
    FloatVector m0 = FloatVector.fromArray(S, a, at);
    FloatVector m1 = FloatVector.fromArray(S, a, at + n - L);
    int i = L;
    for (; i <= n - 2 * L; i += 2 * L) {
      m0 = m0.max(FloatVector.fromArray(S, a, at + i));
      m1 = m1.max(FloatVector.fromArray(S, a, at + i + L));
    }
    if (i <= n - L) {
      m0 = m0.max(FloatVector.fromArray(S, a, at + i));
    }
    return m0.max(m1).reduceLanes(VectorOperators.MAX);
  }

  /// The first multiple of the vector's length from which on so many elements hold `x`, or NaN
  /// where x is NaN.
  private static float nearLoop(
      float[] a, int at, float[] b, int bAt, float[] c, int cAt, int n, float x, float y, float z) {
    int i = 0;
    if (Float.isNaN(x)) {
      while (i <= n - L
          && !FloatVector.fromArray(S, a, at + i).test(VectorOperators.IS_NAN).anyTrue()) {
        i += L;
      }
    } else {
      while (i <= n - L && !FloatVector.fromArray(S, a, at + i).eq(x).anyTrue()) {
        i += L;
      }
    }
    return i;
  }

  /// Four parts, so that additions need not wait for each other.
  private static float sumLoop(
      float[] a, int at, float[] b, int bAt, float[] c, int cAt, int n, float x, float y, float z) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= n - 4 * L; i += 4 * L) {
      s0 = s0.add(FloatVector.fromArray(S, a, at + i));
      s1 = s1.add(FloatVector.fromArray(S, a, at + i + L));
      s2 = s2.add(FloatVector.fromArray(S, a, at + i + 2 * L));
      s3 = s3.add(FloatVector.fromArray(S, a, at + i + 3 * L));
    }
    float rest = SHORT.sum(a, at + i, n - i);
    return VectorMath.sum(s0.add(s1).add(s2.add(s3))) + rest;
  }

  private static float squaresLoop(
      float[] a, int at, float[] b, int bAt, float[] c, int cAt, int n, float x, float y, float z) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= n - 4 * L; i += 4 * L) {
      FloatVector v0 = FloatVector.fromArray(S, a, at + i).sub(x);
      FloatVector v1 = FloatVector.fromArray(S, a, at + i + L).sub(x);
      FloatVector v2 = FloatVector.fromArray(S, a, at + i + 2 * L).sub(x);
      FloatVector v3 = FloatVector.fromArray(S, a, at + i + 3 * L).sub(x);
      s0 = v0.fma(v0, s0);
      s1 = v1.fma(v1, s1);
      s2 = v2.fma(v2, s2);
      s3 = v3.fma(v3, s3);
    }
    float rest = SHORT.sumOfSquares(a, at + i, n - i, x);
    return VectorMath.sum(s0.add(s1).add(s2.add(s3))) + rest;
  }

  private static float dotLoop(
      float[] a, int at, float[] b, int bAt, float[] c, int cAt, int n, float x, float y, float z) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= n - 4 * L; i += 4 * L) {
      FloatVector v0 = FloatVector.fromArray(S, a, at + i);
      s0 = v0.fma(FloatVector.fromArray(S, b, bAt + i), s0);
      FloatVector v1 = FloatVector.fromArray(S, a, at + i + L);
      s1 = v1.fma(FloatVector.fromArray(S, b, bAt + i + L), s1);
      FloatVector v2 = FloatVector.fromArray(S, a, at + i + 2 * L);
      s2 = v2.fma(FloatVector.fromArray(S, b, bAt + i + 2 * L), s2);
      FloatVector v3 = FloatVector.fromArray(S, a, at + i + 3 * L);
      s3 = v3.fma(FloatVector.fromArray(S, b, bAt + i + 3 * L), s3);
    }
    float rest = SHORT.dot(a, at + i, b, bAt + i, n - i);
    return VectorMath.sum(s0.add(s1).add(s2.add(s3))) + rest;
  }

  /// [VectorMath#exp] for two vectors at a time, written out.
  private static float expLoop(
      float[] a, int at, float[] b, int bAt, float[] c, int cAt, int n, float x, float y, float z) {
    FloatVector sum0 = FloatVector.zero(S);
    FloatVector sum1 = sum0;
    int i = 0;
    for (; i <= n - 2 * L; i += 2 * L) {
      FloatVector v0 = FloatVector.fromArray(S, a, at + i).sub(x);
      FloatVector v1 = FloatVector.fromArray(S, a, at + i + L).sub(x);
      v0 = v0.blend(EXP_LEAST, v0.compare(VectorOperators.LT, EXP_LEAST));
      v1 = v1.blend(EXP_LEAST, v1.compare(VectorOperators.LT, EXP_LEAST));
      v0 = v0.blend(EXP_MOST, v0.compare(VectorOperators.GT, EXP_MOST));
      v1 = v1.blend(EXP_MOST, v1.compare(VectorOperators.GT, EXP_MOST));
      FloatVector k0 = v0.fma(FloatVector.broadcast(S, LOG2_E), FloatVector.broadcast(S, ROUNDER));
      FloatVector k1 = v1.fma(FloatVector.broadcast(S, LOG2_E), FloatVector.broadcast(S, ROUNDER));
      FloatVector n0 = k0.sub(ROUNDER);
      FloatVector n1 = k1.sub(ROUNDER);
      FloatVector r0 =
          n0.fma(FloatVector.broadcast(S, -LN_2_REST), n0.fma(FloatVector.broadcast(S, -LN_2), v0));
      FloatVector r1 =
          n1.fma(FloatVector.broadcast(S, -LN_2_REST), n1.fma(FloatVector.broadcast(S, -LN_2), v1));
      FloatVector q0 =
          FloatVector.broadcast(S, E4)
              .fma(r0, FloatVector.broadcast(S, E3))
              .fma(r0, FloatVector.broadcast(S, E2))
              .fma(r0, FloatVector.broadcast(S, E1))
              .fma(r0, FloatVector.broadcast(S, E0));
      FloatVector q1 =
          FloatVector.broadcast(S, E4)
              .fma(r1, FloatVector.broadcast(S, E3))
              .fma(r1, FloatVector.broadcast(S, E2))
              .fma(r1, FloatVector.broadcast(S, E1))
              .fma(r1, FloatVector.broadcast(S, E0));
      q0 = q0.fma(r0.mul(r0), r0).add(1f);
      q1 = q1.fma(r1.mul(r1), r1).add(1f);
      IntVector e0 = k0.reinterpretAsInts().sub(ROUNDER_BITS);
      IntVector e1 = k1.reinterpretAsInts().sub(ROUNDER_BITS);
      IntVector h0 = e0.lanewise(VectorOperators.ASHR, 1);
      IntVector h1 = e1.lanewise(VectorOperators.ASHR, 1);
      IntVector f0 = e0.sub(h0).add(127).lanewise(VectorOperators.LSHL, 23);
      IntVector f1 = e1.sub(h1).add(127).lanewise(VectorOperators.LSHL, 23);
      h0 = h0.add(127).lanewise(VectorOperators.LSHL, 23);
      h1 = h1.add(127).lanewise(VectorOperators.LSHL, 23);
      q0 = q0.mul(h0.reinterpretAsFloats()).mul(f0.reinterpretAsFloats());
      q1 = q1.mul(h1.reinterpretAsFloats()).mul(f1.reinterpretAsFloats());
      q0.intoArray(a, at + i);
      q1.intoArray(a, at + i + L);
      sum0 = sum0.add(q0);
      sum1 = sum1.add(q1);
    }
    float rest = SHORT.exp(a, at + i, n - i, x);
    return VectorMath.sum(sum0.add(sum1)) + rest;
  }

  private static float affineLoop(
      float[] a, int at, float[] b, int bAt, float[] c, int cAt, int n, float x, float y, float z) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector.fromArray(S, a, at + i)
          .fma(FloatVector.broadcast(S, x), FloatVector.broadcast(S, y))
          .intoArray(a, at + i);
    }
    SHORT.affine(a, at + i, n - i, x, y);
    return 0;
  }

  private static float normalizeLoop(
      float[] a, int at, float[] b, int bAt, float[] c, int cAt, int n, float x, float y, float z) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector.fromArray(S, a, at + i).sub(x).mul(y).intoArray(a, at + i);
    }
    SHORT.normalize(a, at + i, n - i, x, y);
    return 0;
  }

  private static float multiplyLoop(
      float[] a, int at, float[] b, int bAt, float[] c, int cAt, int n, float x, float y, float z) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector.fromArray(S, a, at + i)
          .mul(FloatVector.fromArray(S, b, bAt + i))
          .intoArray(a, at + i);
    }
    SHORT.multiply(a, at + i, b, bAt + i, n - i);
    return 0;
  }

  private static float addLoop(
      float[] a, int at, float[] b, int bAt, float[] c, int cAt, int n, float x, float y, float z) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector.fromArray(S, a, at + i)
          .add(FloatVector.fromArray(S, b, bAt + i))
          .intoArray(a, at + i);
    }
    SHORT.add(a, at + i, b, bAt + i, n - i);
    return 0;
  }

  private static float normalizeWeightedLoop(
      float[] a, int at, float[] b, int bAt, float[] c, int cAt, int n, float x, float y, float z) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector v = FloatVector.fromArray(S, a, at + i).sub(x).mul(y);
      FloatVector w = FloatVector.fromArray(S, b, bAt + i);
      v.fma(w, FloatVector.fromArray(S, c, cAt + i)).intoArray(a, at + i);
    }
    SHORT.normalizeWeighted(a, at + i, n - i, x, y, b, bAt + i, c, cAt + i);
    return 0;
  }

  private static float addProductLoop(
      float[] a, int at, float[] b, int bAt, float[] c, int cAt, int n, float x, float y, float z) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector.fromArray(S, b, bAt + i)
          .fma(FloatVector.fromArray(S, c, cAt + i), FloatVector.fromArray(S, a, at + i))
          .intoArray(a, at + i);
    }
    SHORT.addProduct(a, at + i, b, bAt + i, c, cAt + i, n - i);
    return 0;
  }

  private static float combineLoop(
      float[] a, int at, float[] b, int bAt, float[] c, int cAt, int n, float x, float y, float z) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector v = FloatVector.fromArray(S, b, bAt + i);
      v = v.fma(FloatVector.broadcast(S, y), FloatVector.broadcast(S, z));
      FloatVector.fromArray(S, a, at + i).fma(FloatVector.broadcast(S, x), v).intoArray(a, at + i);
    }
    SHORT.combine(a, at + i, x, b, bAt + i, y, z, n - i);
    return 0;
  }
}

package dev.proteus.backend.cpu.vector;

import static dev.proteus.backend.cpu.vector.FloatMath.*;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The functions of [FloatMath] on vectors: the same steps in the same order.
final class VectorMath {
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

  private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

  private VectorMath() {}

  private static FloatVector all(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  private static FloatVector power(IntVector exponent) {
    return exponent.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
  }

  private static IntVector integer(FloatVector shifted) {
    return shifted.reinterpretAsInts().sub(ROUNDER_BITS);
  }

  private static FloatVector toFloats(IntVector integers) {
    return (FloatVector) integers.convert(VectorOperators.I2F, 0);
  }

  private static FloatVector clamp(FloatVector x, float least, float most) {
    FloatVector above = x.blend(least, x.lt(least));
    return above.blend(most, above.compare(VectorOperators.GT, most));
  }

  private static FloatVector expm1Reduced(FloatVector r) {
    FloatVector q = all(E4).fma(r, all(E3)).fma(r, all(E2)).fma(r, all(E1)).fma(r, all(E0));
    return q.fma(r.mul(r), r);
  }

  /// The part of x between multiples of ln(2).
  private static FloatVector reduced(FloatVector x, FloatVector shifted) {
    FloatVector n = shifted.sub(ROUNDER);
    return n.fma(all(-LN_2_REST), n.fma(all(-LN_2), x));
  }

  private static FloatVector scale(FloatVector value, FloatVector shifted) {
    IntVector exponent = integer(shifted);
    IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
    return value.mul(power(half)).mul(power(exponent.sub(half)));
  }

  static FloatVector exp(FloatVector x) {
    FloatVector c = clamp(x, EXP_LEAST, EXP_MOST);
    FloatVector shifted = c.fma(all(LOG2_E), all(ROUNDER));
    return scale(expm1Reduced(reduced(c, shifted)).add(1f), shifted);
  }

  static FloatVector exp2(FloatVector x) {
    FloatVector c = clamp(x, EXP2_LEAST, EXP2_MOST);
    FloatVector shifted = c.add(ROUNDER);
    FloatVector r = c.sub(shifted.sub(ROUNDER)).mul(LN_2);
    return scale(expm1Reduced(r).add(1f), shifted);
  }

  static FloatVector expm1(FloatVector x) {
    FloatVector c = clamp(x, EXPM1_LEAST, EXP_MOST);
    FloatVector shifted = c.fma(all(LOG2_E), all(ROUNDER));
    FloatVector half = power(integer(shifted).sub(1));
    return half.fma(expm1Reduced(reduced(c, shifted)), half.sub(0.5f)).mul(2f);
  }

  static FloatVector sigmoid(FloatVector x) {
    FloatVector e = exp(x.abs().neg());
    return all(1f).blend(e, x.lt(0f)).div(e.add(1f));
  }

  static FloatVector tanh(FloatVector x) {
    FloatVector c = clamp(x.abs(), 0f, TANH_MOST).mul(2f);
    FloatVector shifted = c.fma(all(LOG2_E), all(ROUNDER));
    FloatVector power = power(integer(shifted));
    FloatVector e = power.fma(expm1Reduced(reduced(c, shifted)), power.sub(1f));
    return signed(e.div(e.add(2f)), x);
  }

  private static FloatVector signed(FloatVector magnitude, FloatVector sign) {
    return magnitude
        .reinterpretAsInts()
        .and(Integer.MAX_VALUE)
        .or(sign.reinterpretAsInts().and(Integer.MIN_VALUE))
        .reinterpretAsFloats();
  }

  private static FloatVector log1pReduced(FloatVector f) {
    FloatVector q = all(L8).fma(f, all(L7)).fma(f, all(L6)).fma(f, all(L5)).fma(f, all(L4));
    q = q.fma(f, all(L3)).fma(f, all(L2)).fma(f, all(L1)).fma(f, all(L0));
    return q.fma(f.mul(f), f);
  }

  static FloatVector log(FloatVector x) {
    return special(x, logOf(x, LN_2, 1f));
  }

  static FloatVector log2(FloatVector x) {
    return special(x, logOf(x, 1f, LOG2_E));
  }

  static FloatVector log10(FloatVector x) {
    return special(x, logOf(x, LOG10_2, LOG10_E));
  }

  private static FloatVector logOf(FloatVector x, float perExponent, float perLog) {
    VectorMask<Float> small = x.lt(Float.MIN_NORMAL);
    IntVector bits = x.blend(x.mul(0x1p23f), small).reinterpretAsInts();
    IntVector exponent = bits.sub(TWO_THIRDS).lanewise(VectorOperators.ASHR, 23);
    IntVector fraction = bits.sub(exponent.lanewise(VectorOperators.LSHL, 23));
    FloatVector f = fraction.reinterpretAsFloats().sub(1f);
    FloatVector e = toFloats(exponent);
    e = e.blend(e.sub(23f), small);
    return e.fma(all(perExponent), log1pReduced(f).mul(perLog));
  }

  private static FloatVector special(FloatVector x, FloatVector log) {
    FloatVector finite = log.blend(x, x.eq(Float.POSITIVE_INFINITY));
    FloatVector defined = all(Float.NaN).blend(finite, x.compare(VectorOperators.GT, 0f));
    return defined.blend(Float.NEGATIVE_INFINITY, x.eq(0f));
  }

  static FloatVector log1p(FloatVector x) {
    VectorMask<Float> large = x.compare(VectorOperators.GT, 0x1p64f);
    FloatVector scaled = x.blend(x.mul(0x1p-64f), large);
    FloatVector one = all(1f).blend(0f, large);
    FloatVector sum = one.add(scaled);
    IntVector exponent = sum.reinterpretAsInts().sub(TWO_THIRDS).lanewise(VectorOperators.ASHR, 23);
    FloatVector inverse = power(exponent.neg());
    FloatVector f = scaled.fma(inverse, one.fma(inverse, all(-1f)));
    FloatVector e = toFloats(exponent);
    e = e.blend(e.add(64f), large);
    return special(sum, e.fma(all(LN_2), log1pReduced(f)));
  }

  /// The sine of x plus `quarters` quarter turns, for `|x|` up to [FloatMath#TRIG_MOST].
  static FloatVector wave(FloatVector x, int quarters) {
    FloatVector shifted = x.fma(all(TWO_OVER_PI), all(ROUNDER));
    FloatVector n = shifted.sub(ROUNDER);
    FloatVector r = n.fma(all(-HALF_PI), x);
    r = n.fma(all(-HALF_PI_REST2), n.fma(all(-HALF_PI_REST), r));
    FloatVector z = r.mul(r);
    FloatVector sin = all(S2).fma(z, all(S1)).fma(z, all(S0)).mul(z).fma(r, r);
    FloatVector cos =
        all(C2).fma(z, all(C1)).fma(z, all(C0)).fma(z.mul(z), z.fma(all(-0.5f), all(1f)));
    IntVector quadrant = shifted.reinterpretAsInts().add(quarters);
    VectorMask<Integer> odd = quadrant.and(1).compare(VectorOperators.NE, 0);
    IntVector value = sin.blend(cos, odd.cast(FLOATS)).reinterpretAsInts();
    IntVector sign = quadrant.and(2).lanewise(VectorOperators.LSHL, 30);
    return value.lanewise(VectorOperators.XOR, sign).reinterpretAsFloats();
  }

  static FloatVector erf(FloatVector x) {
    FloatVector c = clamp(x, -ERF_MOST, ERF_MOST);
    FloatVector z = c.mul(c);
    FloatVector p = all(R6).fma(z, all(R5)).fma(z, all(R4)).fma(z, all(R3)).fma(z, all(R2));
    p = p.fma(z, all(R1)).fma(z, all(R0));
    FloatVector q = all(Q5).fma(z, all(Q4)).fma(z, all(Q3)).fma(z, all(Q2)).fma(z, all(Q1));
    q = q.fma(z, all(1f));
    return clamp(c.mul(p).div(q), -1f, 1f);
  }

  /// In the order of the lanes, where `reduceLanes` leaves it to the JVM, which changes it when it
  /// compiles.
  static float sum(FloatVector lanes) {
    float[] each = lanes.toArray();
    float sum = 0;
    for (float lane : each) {
      sum += lane;
    }
    return sum;
  }
}

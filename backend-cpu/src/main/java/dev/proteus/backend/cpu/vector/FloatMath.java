package dev.proteus.backend.cpu.vector;

/// Elementary functions in float32, from polynomials and fused multiply-adds.
///
/// Errors are at most 3 units in the last place, of erf 6. `VectorMath` does the same steps in the
/// same order, so both give the same bits. The coefficients minimise the largest relative error
/// over the reduced argument (Lawson's iteration in 40 digits, then rounded).
final class FloatMath {
  /// Added and subtracted, rounds to the nearest integer; the sum's bits end in that integer.
  static final float ROUNDER = 0x1.8p23f;

  static final float LOG2_E = 1.442695f;
  static final float LOG10_E = 0.4342945f;
  static final float LOG10_2 = 0.30103f;
  static final float LN_2 = 0.6931472f;
  static final float LN_2_REST = -1.9046542e-9f;

  /// Where exp is infinite, and where it is zero.
  static final float EXP_MOST = 89f;

  static final float EXP_LEAST = -104f;
  static final float EXP2_MOST = 129f;
  static final float EXP2_LEAST = -151f;

  /// Where expm1 rounds to -1.
  static final float EXPM1_LEAST = -20f;

  /// `(exp(r) - 1 - r) / r²` for `|r| ≤ ln(2) / 2`.
  static final float E0 = 0.49999994f;

  static final float E1 = 0.1666652f;
  static final float E2 = 0.041668445f;
  static final float E3 = 0.0083687585f;
  static final float E4 = 0.0013811035f;

  /// `(log(1 + f) - f) / f²` for `|f| ≤ 1/3`.
  static final float L0 = -0.5f;

  static final float L1 = 0.3333321f;
  static final float L2 = -0.2499972f;
  static final float L3 = 0.2001075f;
  static final float L4 = -0.16682254f;
  static final float L5 = 0.14001139f;
  static final float L6 = -0.12167783f;
  static final float L7 = 0.14004841f;
  static final float L8 = -0.12946387f;

  /// Bits of 2/3: exponents are counted so that the fraction lies from 2/3 to 4/3.
  static final int TWO_THIRDS = 0x3f2aaaab;

  static final float TWO_OVER_PI = 0.63661975f;
  static final float HALF_PI = 1.5707964f;
  static final float HALF_PI_REST = -4.371139e-8f;
  static final float HALF_PI_REST2 = -1.7151249e-15f;

  /// Beyond, the reduction by pi loses accuracy.
  static final float TRIG_MOST = 1e5f;

  /// `(sin(r) - r) / r³` and `(cos(r) - 1 + r²/2) / r⁴` for `|r| ≤ pi / 4`, in r².
  static final float S0 = -0.16666654f;

  static final float S1 = 0.008332153f;
  static final float S2 = -0.00019514271f;
  static final float C0 = 0.041666646f;
  static final float C1 = -0.0013887313f;
  static final float C2 = 2.4432811e-05f;

  /// Where tanh and erf round to 1.
  static final float TANH_MOST = 9.1f;

  static final float ERF_MOST = 3.93f;

  /// `erf(x) / x` as a quotient of polynomials in x².
  static final float R0 = 1.1283792f;

  static final float R1 = 0.1851442f;
  static final float R2 = 0.054255676f;
  static final float R3 = 0.003840341f;
  static final float R4 = 0.00037722627f;
  static final float R5 = 4.6216715e-06f;
  static final float R6 = -1.2865947e-08f;
  static final float Q1 = 0.4974132f;
  static final float Q2 = 0.11388674f;
  static final float Q3 = 0.015435128f;
  static final float Q4 = 0.0013024996f;
  static final float Q5 = 6.251628e-05f;

  private FloatMath() {}

  private static float fma(float a, float b, float c) {
    return Math.fma(a, b, c);
  }

  /// Two to the power of an integer from -126 to 127.
  private static float power(int exponent) {
    return Float.intBitsToFloat((exponent + 127) << 23);
  }

  /// The integer to which adding [#ROUNDER] rounded.
  private static int integer(float shifted) {
    return Float.floatToRawIntBits(shifted) - Float.floatToRawIntBits(ROUNDER);
  }

  /// `exp(r) - 1` for `|r| ≤ ln(2) / 2`.
  private static float expm1Reduced(float r) {
    float q = fma(fma(fma(fma(E4, r, E3), r, E2), r, E1), r, E0);
    return fma(q, r * r, r);
  }

  private static float clamp(float x, float least, float most) {
    float above = x < least ? least : x;
    return above > most ? most : above;
  }

  static float exp(float x) {
    float c = clamp(x, EXP_LEAST, EXP_MOST);
    float shifted = fma(c, LOG2_E, ROUNDER);
    float n = shifted - ROUNDER;
    float r = fma(n, -LN_2_REST, fma(n, -LN_2, c));
    return scale(expm1Reduced(r) + 1f, shifted);
  }

  static float exp2(float x) {
    float c = clamp(x, EXP2_LEAST, EXP2_MOST);
    float shifted = c + ROUNDER;
    float n = shifted - ROUNDER;
    return scale(expm1Reduced((c - n) * LN_2) + 1f, shifted);
  }

  /// `value` times two to the integer in the last bits of `shifted`, in two factors: one alone
  /// would overflow.
  private static float scale(float value, float shifted) {
    int exponent = integer(shifted);
    int half = exponent >> 1;
    return value * power(half) * power(exponent - half);
  }

  static float expm1(float x) {
    float c = clamp(x, EXPM1_LEAST, EXP_MOST);
    float shifted = fma(c, LOG2_E, ROUNDER);
    float n = shifted - ROUNDER;
    float r = fma(n, -LN_2_REST, fma(n, -LN_2, c));
    int exponent = integer(shifted);
    float half = power(exponent - 1);
    return 2f * fma(half, expm1Reduced(r), half - 0.5f);
  }

  static float sigmoid(float x) {
    float e = exp(-Math.abs(x));
    return (x < 0f ? e : 1f) / (1f + e);
  }

  /// `log(1 + f)` for `|f| ≤ 1/3`.
  private static float log1pReduced(float f) {
    float q = fma(fma(fma(fma(L8, f, L7), f, L6), f, L5), f, L4);
    q = fma(fma(fma(fma(q, f, L3), f, L2), f, L1), f, L0);
    return fma(q, f * f, f);
  }

  static float log(float x) {
    return special(x, logOf(x, LN_2, 1f));
  }

  static float log2(float x) {
    return special(x, logOf(x, 1f, LOG2_E));
  }

  static float log10(float x) {
    return special(x, logOf(x, LOG10_2, LOG10_E));
  }

  /// `exponent · perExponent + log(fraction) · perLog` of a positive, finite x.
  private static float logOf(float x, float perExponent, float perLog) {
    boolean small = x < Float.MIN_NORMAL;
    int bits = Float.floatToRawIntBits(small ? x * 0x1p23f : x);
    int exponent = (bits - TWO_THIRDS) >> 23;
    float f = Float.intBitsToFloat(bits - (exponent << 23)) - 1f;
    float e = small ? exponent - 23f : exponent;
    return fma(e, perExponent, log1pReduced(f) * perLog);
  }

  private static float special(float x, float log) {
    float positive = x == Float.POSITIVE_INFINITY ? x : log;
    return x > 0f ? positive : x == 0f ? Float.NEGATIVE_INFINITY : Float.NaN;
  }

  /// The fraction of `1 + x` less one is `(1 + x) / 2^e - 1`, rounded once. A large x is scaled
  /// down, and its 1 is nothing.
  static float log1p(float x) {
    boolean large = x > 0x1p64f;
    float scaled = large ? x * 0x1p-64f : x;
    float one = large ? 0f : 1f;
    float sum = one + scaled;
    int exponent = (Float.floatToRawIntBits(sum) - TWO_THIRDS) >> 23;
    float inverse = power(-exponent);
    float f = fma(scaled, inverse, fma(one, inverse, -1f));
    float e = large ? exponent + 64f : exponent;
    return special(sum, fma(e, LN_2, log1pReduced(f)));
  }

  static float sin(float x) {
    return Math.abs(x) <= TRIG_MOST ? wave(x, 0) : (float) Math.sin(x);
  }

  static float cos(float x) {
    return Math.abs(x) <= TRIG_MOST ? wave(x, 1) : (float) Math.cos(x);
  }

  /// The sine of x plus `quarters` quarter turns.
  private static float wave(float x, int quarters) {
    float shifted = fma(x, TWO_OVER_PI, ROUNDER);
    float n = shifted - ROUNDER;
    float r = fma(n, -HALF_PI_REST2, fma(n, -HALF_PI_REST, fma(n, -HALF_PI, x)));
    float z = r * r;
    float sin = fma(fma(fma(S2, z, S1), z, S0) * z, r, r);
    float cos = fma(fma(fma(C2, z, C1), z, C0), z * z, fma(z, -0.5f, 1f));
    int quadrant = Float.floatToRawIntBits(shifted) + quarters;
    float value = (quadrant & 1) == 0 ? sin : cos;
    return (quadrant & 2) == 0 ? value : -value;
  }

  /// `e / (e + 2)` with `e = expm1(2 |x|)`.
  static float tanh(float x) {
    float c = 2f * clamp(Math.abs(x), 0f, TANH_MOST);
    float shifted = fma(c, LOG2_E, ROUNDER);
    float n = shifted - ROUNDER;
    float r = fma(n, -LN_2_REST, fma(n, -LN_2, c));
    float power = power(integer(shifted));
    float e = fma(power, expm1Reduced(r), power - 1f);
    return Math.copySign(e / (e + 2f), x);
  }

  static float erf(float x) {
    float c = clamp(x, -ERF_MOST, ERF_MOST);
    float z = c * c;
    float p = fma(fma(fma(fma(fma(fma(R6, z, R5), z, R4), z, R3), z, R2), z, R1), z, R0);
    float q = fma(fma(fma(fma(fma(Q5, z, Q4), z, Q3), z, Q2), z, Q1), z, 1f);
    return clamp(c * p / q, -1f, 1f);
  }
}

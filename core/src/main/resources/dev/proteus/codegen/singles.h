/* Functions of float32 by polynomials and fused multiply-adds, without branches, so that compilers
   make vectors of them. Errors are at most 3 units in the last place, of erf 6; the coefficients
   minimise the largest relative error. */
DEVICE f32 within(f32 x, f32 least, f32 most) {
  const f32 above = x < least ? least : x;
  return above > most ? most : above;
}

#define ROUNDER 12582912.0f
#define LN_2 0.6931472f
#define LN_2_REST -1.9046542e-9f

/* exp(r) - 1 for |r| at most ln(2) / 2. */
DEVICE f32 expm1_reduced(f32 r) {
  const f32 q = fma(fma(0.0013811035f, r, 0.0083687585f), r, 0.041668445f);
  return fma(fma(fma(q, r, 0.1666652f), r, 0.49999994f), r * r, r);
}

/* Two to the integer to which adding ROUNDER rounded, and to `more`. */
DEVICE f32 power_of_two(f32 shifted, i32 more) {
  return BITS_F32((F32_BITS(shifted) - F32_BITS(ROUNDER) + (u32) (127 + more)) << 23);
}

/* What is left of x, when the integer in `shifted` times ln(2) is taken away. */
DEVICE f32 exp_rest(f32 x, f32 shifted) {
  const f32 n = shifted - ROUNDER;
  return fma(n, -LN_2_REST, fma(n, -LN_2, x));
}

DEVICE f32 exponential_less_one_f32(f32 x) {
  const f32 c = within(x, -20, 89);
  const f32 shifted = fma(c, 1.442695f, ROUNDER);
  const f32 half_ = power_of_two(shifted, -1);
  return 2 * fma(half_, expm1_reduced(exp_rest(c, shifted)), half_ - 0.5f);
}

/* e / (e + 2) with e = expm1(2 |x|). */
DEVICE f32 hyperbolic_tangent_f32(f32 x) {
  const f32 c = 2 * within(fabs(x), 0, 9.1f);
  const f32 shifted = fma(c, 1.442695f, ROUNDER);
  const f32 power = power_of_two(shifted, 0);
  const f32 e = fma(power, expm1_reduced(exp_rest(c, shifted)), power - 1);
  return copysign(e / (e + 2), x);
}

/* log(1 + f) for |f| at most 1/3. */
DEVICE f32 log1p_reduced(f32 f) {
  f32 q = fma(fma(-0.12946387f, f, 0.14004841f), f, -0.12167783f);
  q = fma(fma(fma(q, f, 0.14001139f), f, -0.16682254f), f, 0.2001075f);
  q = fma(fma(fma(q, f, -0.2499972f), f, 0.3333321f), f, -0.5f);
  return fma(q, f * f, f);
}

/* The logarithm of x, given that of a positive, finite x. */
DEVICE f32 special_log(f32 x, f32 log) {
  return x > 0 ? (x == INFINITY ? x : log) : x == 0 ? -INFINITY : NAN;
}

/* exponent * per_exponent + log(fraction) * per_log; the fraction lies from 2/3 to 4/3. */
DEVICE f32 log_of(f32 x, f32 per_exponent, f32 per_log) {
  const i32 is_small = x < 1.17549435e-38f;
  const i32 bits = (i32) F32_BITS(is_small ? x * 8388608.0f : x);
  const i32 exponent = (bits - 0x3f2aaaab) >> 23;
  const f32 f = BITS_F32((u32) (bits - exponent * (1 << 23))) - 1;
  const f32 e = (f32) (is_small ? exponent - 23 : exponent);
  return special_log(x, fma(e, per_exponent, log1p_reduced(f) * per_log));
}
DEVICE f32 logarithm_f32(f32 x) { return log_of(x, LN_2, 1); }
DEVICE f32 logarithm2_f32(f32 x) { return log_of(x, 1, 1.442695f); }
DEVICE f32 logarithm10_f32(f32 x) { return log_of(x, 0.30103f, 0.4342945f); }

/* The fraction of 1 + x less one is (1 + x) / 2^e - 1, rounded once. A large x is scaled down, and
   its 1 is nothing. */
DEVICE f32 logarithm1p_f32(f32 x) {
  const i32 is_large = x > 1.8446744e19f;
  const f32 scaled = is_large ? x * 5.421011e-20f : x;
  const f32 one = is_large ? 0 : 1;
  const f32 sum = one + scaled;
  const i32 exponent = ((i32) F32_BITS(sum) - 0x3f2aaaab) >> 23;
  const f32 inverse = BITS_F32((u32) (127 - exponent) << 23);
  const f32 f = fma(scaled, inverse, fma(one, inverse, -1.0f));
  const f32 e = (f32) (is_large ? exponent + 64 : exponent);
  return special_log(sum, fma(e, LN_2, log1p_reduced(f)));
}

/* A quotient of polynomials in x². */
DEVICE f32 error_function_f32(f32 x) {
  const f32 c = within(x, -3.93f, 3.93f);
  const f32 z = c * c;
  f32 p = fma(fma(-1.2865947e-08f, z, 4.6216715e-06f), z, 0.00037722627f);
  p = fma(fma(fma(fma(p, z, 0.003840341f), z, 0.054255676f), z, 0.1851442f), z, 1.1283792f);
  f32 q = fma(fma(6.251628e-05f, z, 0.0013024996f), z, 0.015435128f);
  q = fma(fma(fma(q, z, 0.11388674f), z, 0.4974132f), z, 1.0f);
  return within(c * p / q, -1, 1);
}
#undef ROUNDER
#undef LN_2
#undef LN_2_REST

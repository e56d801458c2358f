/* Functions of floating numbers, once for each type T; FN(name) is the function's name for it. The
   meaning is that of Reals and Special in dev.proteus.expr. */
DEVICE T FN(larger)(T a, T b) { return a > b || a != a ? a : b; }
DEVICE T FN(smaller)(T a, T b) { return a < b || a != a ? a : b; }
DEVICE T FN(signum)(T a) { return a > 0 ? (T) 1 : a < 0 ? (T) -1 : a; }
DEVICE T FN(power)(T base, T exponent) {
  return base == 1 || (base == -1 && isinf(exponent)) ? (T) 1 : pow(base, exponent);
}
DEVICE T FN(modulo)(T a, T b) {
  T rest = fmod(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}
DEVICE T FN(floor_div)(T a, T b) {
  if (b == 0) {
    return a / b;
  }
  T rest = fmod(a, b);
  T quotient = rint((a - rest) / b);
  if (rest != 0 && (rest < 0) != (b < 0)) {
    quotient -= 1;
  }
  return quotient == 0 ? copysign((T) 0, a / b) : quotient;
}
DEVICE T FN(sigmoid)(T x) {
  T small = exp(-fabs(x));
  return x >= 0 ? 1 / (1 + small) : small / (1 + small);
}

/* To an integer as Java does: towards zero, the nearest one beyond the ends, and 0 for NaN. */
DEVICE i64 FN(to_i64)(T x) {
  if (x != x) {
    return 0;
  }
  if (x >= (T) 9223372036854775807) {
    return (i64) 0x7fffffffffffffff;
  }
  return x <= (T) -9223372036854775807 ? (i64) 0x8000000000000000 : (i64) x;
}

/* A first guess, then Halley's iteration. */
DEVICE T FN(erfinv)(T y) {
  const T two_over_sqrt_pi = (T) 1.1283791670955126;
  T size = fabs(y);
  if (!(size < 1)) {
    return size == 1 ? y / (T) 0 : (T) 0 / (T) 0;
  }
  T x = size / two_over_sqrt_pi;
  if (size >= (T) 0.5) {
    T log_tail = log1p(-y * y);
    T half_ = 2 / ((T) 3.141592653589793 * (T) 0.147) + log_tail / 2;
    x = sqrt(sqrt(half_ * half_ - log_tail / (T) 0.147) - half_);
  }
  for (i32 i = 0; i < 4; i++) {
    T error = size < (T) 0.5 ? erf(x) - size : (1 - size) - erfc(x);
    T step = error / (two_over_sqrt_pi * exp(-x * x));
    x -= step / (1 + x * step);
  }
  return copysign(x, y);
}

#if !SINGLE
/* By expm1, which is exact next to 0; what drivers offer is off by more where it is next to 1. */
DEVICE T FN(hyperbolic_tangent)(T x) {
  T t = expm1(-2 * fabs(x));
  return copysign(-t / (t + 2), x);
}
DEVICE T FN(error_function)(T x) { return erf(x); }
DEVICE T FN(exponential_less_one)(T x) { return expm1(x); }
DEVICE T FN(logarithm)(T x) { return log(x); }
DEVICE T FN(logarithm2)(T x) { return log2(x); }
DEVICE T FN(logarithm10)(T x) { return log10(x); }
DEVICE T FN(logarithm1p)(T x) { return log1p(x); }
#endif

/* Next to its zeros float32 would lose all digits. */
#if SINGLE && DOUBLES
DEVICE T FN(digamma)(T x) { return (T) digamma_f64(x); }
#else
/* zeta(k) - 1 from k = 2 on: Taylor coefficients of digamma at 2, signs aside. */
TABLE(T, FN(zeta)) = {
  (T) 0.6449340668482264, (T) 0.2020569031595943, (T) 0.08232323371113819, (T) 0.03692775514336993,
  (T) 0.01734306198444914, (T) 0.008349277381922827, (T) 0.00407735619794434, (T) 0.0020083928260822143,
  (T) 0.0009945751278180853, (T) 0.0004941886041194645, (T) 0.0002460865533080483, (T) 0.00012271334757848915,
  (T) 6.124813505870483e-05, (T) 3.058823630702049e-05, (T) 1.528225940865187e-05, (T) 7.637197637899763e-06,
  (T) 3.81729326499984e-06, (T) 1.908212716553939e-06, (T) 9.539620338727962e-07, (T) 4.769329867878064e-07,
  (T) 2.38450502727733e-07, (T) 1.1921992596531106e-07, (T) 5.960818905125948e-08, (T) 2.980350351465228e-08,
  (T) 1.4901554828365043e-08, (T) 7.45071178983543e-09, (T) 3.725334024788457e-09, (T) 1.862659723513049e-09,
};
DEVICE T FN(digamma_at_two)(T z) {
  T sum = 0;
  for (i32 i = 27; i >= 0; i--) {
    sum = FN(zeta)[i] - z * sum;
  }
  return (T) 0.42278433509846713 + z * sum;
}

/* To between 1.5 and 2.5 by recurrence, and from 12 on the asymptotic series (Abramowitz and Stegun,
   6.3.5 and 6.3.18). */
DEVICE T FN(digamma_positive)(T x) {
  if (x >= 12) {
    T square = 1 / (x * x);
    T series = square * ((T) 1 / 12 - square * ((T) 1 / 120 - square * ((T) 1 / 252
        - square * ((T) 1 / 240 - square * ((T) 1 / 132 - square * ((T) 691 / 32760
        - square * ((T) 1 / 12)))))));
    return log(x) - (T) 0.5 / x - series;
  }
  if (x < (T) 0.5) {
    return FN(digamma_at_two)(x) - 1 / (1 + x) - 1 / x;
  }
  if (x < (T) 1.5) {
    return FN(digamma_at_two)(x - 1) - 1 / x;
  }
  T sum = 0;
  while (x > (T) 2.5) {
    x -= 1;
    sum += 1 / x;
  }
  return FN(digamma_at_two)(x - 2) + sum;
}
DEVICE T FN(digamma)(T x) {
  const T pi = (T) 3.141592653589793;
  if (x == 0) {
    return copysign((T) 1 / (T) 0, -x);
  }
  if (x < 0) {
    T whole = rint(x);
    return x == whole
        ? (T) 0 / (T) 0
        : FN(digamma_positive)(1 - x) - pi / tan(pi * (x - whole));
  }
  return FN(digamma_positive)(x);
}
#endif

/* Recurrence up to 12, then the asymptotic series (Abramowitz and Stegun, 6.4.11). */
DEVICE T FN(trigamma)(T x) {
  const T pi = (T) 3.141592653589793;
  T reflected = 0;
  T sign = 1;
  if (x <= 0) {
    T whole = rint(x);
    if (x == whole) {
      return (T) 1 / (T) 0;
    }
    T ratio = pi / sin(pi * (x - whole));
    reflected = ratio * ratio;
    sign = -1;
    x = 1 - x;
  }
  T sum = 0;
  while (x < 12) {
    sum += 1 / (x * x);
    x += 1;
  }
  T square = 1 / (x * x);
  T series = square * ((T) 1 / 6 - square * ((T) 1 / 30 - square * ((T) 1 / 42
      - square * ((T) 1 / 30 - square * ((T) 5 / 66)))));
  return reflected + sign * (sum + (1 + (T) 0.5 / x + series) / x);
}

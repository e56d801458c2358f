package dev.proteus.expr;

/// Special functions in double precision, with relative errors of a few 1e-16 except next to a
/// zero, where the error is absolute.
///
/// Methods: Chebyshev series and Taylor series with coefficients computed to 50 digits, Stirling's
/// series, and the recurrences and reflections of the gamma function (Abramowitz and Stegun,
/// chapters 6 and 7).
public final class Special {
  private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);
  private static final double LN_2 = Math.log(2);
  private static final double HALF_LOG_TWO_PI = 0.9189385332046728;
  private static final double ONE_MINUS_EULER = 0.42278433509846713;

  /// Chebyshev coefficients of `(1 + 2x) exp(x²) erfc(x)` over `t = (x - 3.75) / (x + 3.75)`, x
  /// from 0 to infinity (the function and the map are those of Shepherd and Laframboise, 1981).
  private static final double[] SCALED_ERFC = {
    1.1775789345674017, -0.004590054580646478, -0.08424913336651792, 0.05920993999819189,
    -0.026658668435305753, 0.009074997670705265, -0.002413163540417608, 4.907758365258086E-4,
    -6.916973302501207E-5, 4.13902798607301E-6, 7.74038306619849E-7, -2.1886401049234397E-7,
    1.076499946567091E-8, 4.521959811218287E-9, -7.754400208831351E-10, -6.318088340886684E-11,
    2.86879501093067E-11, 1.9455868545777347E-13, -9.65469674843344E-13, 3.25254814814874E-14,
    3.3478119482868056E-14, -1.864562880419313E-15, -1.2507950530688648E-15, 7.418235256624044E-17,
    5.068148904796111E-17, -2.2370566594359995E-18,
  };

  /// `(zeta(k) - 1) / k` for k from 2: the Taylor coefficients of the logarithm of gamma at 2,
  /// signs aside.
  private static final double[] ZETA = {
    0.3224670334241132, 0.0673523010531981, 0.020580808427784546, 0.007385551028673986,
    0.0028905103307415234, 0.001192753911703261, 5.096695247430425E-4, 2.2315475845357939E-4,
    9.945751278180853E-5, 4.492623673813314E-5, 2.050721277567069E-5, 9.439488275268397E-6,
    4.374866789907488E-6, 2.039215753801366E-6, 9.55141213040742E-7, 4.492469198764566E-7,
    2.1207184805554665E-7, 1.0043224823968099E-7, 4.7698101693639804E-8, 2.2711094608943164E-8,
    1.0838659214896955E-8, 5.183475041970047E-9, 2.4836745438024785E-9, 1.1921401405860912E-9,
    5.731367241678862E-10, 2.7595228851242334E-10, 1.330476437424449E-10, 6.4229645638381E-11,
  };

  /// The Bernoulli numbers B2, B4, … of Stirling's series.
  private static final double[] BERNOULLI = {
    1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510,
  };

  /// Where Stirling's series of eight terms has double precision.
  private static final double LARGE = 12;

  private Special() {}

  /// The error function.
  public static double erf(double x) {
    if (Math.abs(x) < 0.5) {
      return smallErf(x);
    }
    return x > 0 ? 1 - erfc(x) : erfc(-x) - 1;
  }

  private static double smallErf(double x) {
    double square = -x * x;
    double power = x;
    double sum = x;
    for (int n = 1; n <= 13; n++) {
      power *= square / n;
      sum += power / (2 * n + 1);
    }
    return TWO_OVER_SQRT_PI * sum;
  }

  /// One minus the error function, accurate where that is small.
  public static double erfc(double x) {
    if (Double.isNaN(x)) {
      return x;
    }
    if (x < 0.5) {
      return x < -0.5 ? 2 - erfc(-x) : 1 - smallErf(x);
    }
    if (x > 28) {
      return 0;
    }
    double scaled = chebyshev(SCALED_ERFC, (x - 3.75) / (x + 3.75)) / (1 + 2 * x);
    double square = x * x;
    double lost = Math.fma(x, x, -square);
    return Math.exp(-square) * (scaled - scaled * lost);
  }

  /// Clenshaw's recurrence.
  private static double chebyshev(double[] coefficients, double t) {
    double next = 0;
    double afterNext = 0;
    for (int k = coefficients.length - 1; k > 0; k--) {
      double current = coefficients[k] + 2 * t * next - afterNext;
      afterNext = next;
      next = current;
    }
    return coefficients[0] + t * next - afterNext;
  }

  /// The inverse of the error function: a first guess, then Halley's iteration.
  public static double erfinv(double y) {
    double size = Math.abs(y);
    if (size >= 1 || Double.isNaN(y)) {
      return size == 1 ? Math.copySign(Double.POSITIVE_INFINITY, y) : Double.NaN;
    }
    double x = size < 0.5 ? size / TWO_OVER_SQRT_PI : tailGuess(size);
    for (int i = 0; i < 4; i++) {
      double error = size < 0.5 ? erf(x) - size : (1 - size) - erfc(x);
      double step = error / (TWO_OVER_SQRT_PI * Math.exp(-x * x));
      x -= step / (1 + x * step);
    }
    return Math.copySign(x, y);
  }

  /// Winitzki's approximation from elementary functions, to two parts in a thousand.
  private static double tailGuess(double y) {
    double log = Math.log1p(-y * y);
    double half = 2 / (Math.PI * 0.147) + log / 2;
    return Math.sqrt(Math.sqrt(half * half - log / 0.147) - half);
  }

  /// The logarithm of the absolute value of the gamma function.
  public static double lgamma(double x) {
    if (Double.isNaN(x) || Double.isInfinite(x)) {
      return Math.abs(x);
    }
    if (x <= 0) {
      return x == Math.rint(x)
          ? Double.POSITIVE_INFINITY
          : Math.log(Math.PI / Math.abs(sinPi(x))) - lgamma(1 - x);
    }
    if (x >= LARGE) {
      double series = 0;
      for (int k = BERNOULLI.length; k >= 1; k--) {
        series = series / (x * x) + BERNOULLI[k - 1] / (2.0 * k * (2 * k - 1));
      }
      return (x - 0.5) * (Math.log(x) - 1) + (HALF_LOG_TWO_PI - 0.5) + series / x;
    }
    if (x < 0.5) {
      return lgammaAtTwo(x) - Math.log1p(x) - Math.log(x);
    }
    if (x < 1.5) {
      return lgammaAtTwo(x - 1) - Math.log1p(x - 1);
    }
    double product = 1;
    double reduced = x;
    while (reduced > 2.5) {
      reduced -= 1;
      product *= reduced;
    }
    return lgammaAtTwo(reduced - 2) + Math.log(product);
  }

  /// `lgamma(2 + z)` for z from -0.5 to 0.5.
  private static double lgammaAtTwo(double z) {
    double sum = 0;
    for (int i = ZETA.length - 1; i >= 0; i--) {
      sum = ZETA[i] - z * sum;
    }
    return z * (ONE_MINUS_EULER + z * sum);
  }

  /// The derivative of [#lgamma(double)].
  public static double digamma(double x) {
    if (x == 0) {
      return Math.copySign(Double.POSITIVE_INFINITY, -x);
    }
    if (x < 0) {
      return x == Math.rint(x) ? Double.NaN : digamma(1 - x) - Math.PI / tanPi(x);
    }
    if (x >= LARGE) {
      double series = 0;
      for (int k = BERNOULLI.length; k >= 1; k--) {
        series = (series + BERNOULLI[k - 1] / (2 * k)) / (x * x);
      }
      return Math.log(x) - 0.5 / x - series;
    }
    if (x < 0.5) {
      return digammaAtTwo(x) - 1 / (1 + x) - 1 / x;
    }
    if (x < 1.5) {
      return digammaAtTwo(x - 1) - 1 / x;
    }
    double sum = 0;
    double reduced = x;
    while (reduced > 2.5) {
      reduced -= 1;
      sum += 1 / reduced;
    }
    return digammaAtTwo(reduced - 2) + sum;
  }

  /// `digamma(2 + z)` for z from -0.5 to 0.5: the series of [#lgammaAtTwo(double)], differentiated.
  private static double digammaAtTwo(double z) {
    double sum = 0;
    for (int i = ZETA.length - 1; i >= 0; i--) {
      sum = ZETA[i] * (i + 2) - z * sum;
    }
    return ONE_MINUS_EULER + z * sum;
  }

  /// The derivative of [#digamma(double)].
  public static double trigamma(double x) {
    if (x <= 0) {
      if (x == Math.rint(x)) {
        return Double.POSITIVE_INFINITY;
      }
      double ratio = Math.PI / sinPi(x);
      return ratio * ratio - trigamma(1 - x);
    }
    double sum = 0;
    double shifted = x;
    while (shifted < LARGE) {
      sum += 1 / (shifted * shifted);
      shifted += 1;
    }
    double series = 0;
    for (int k = BERNOULLI.length; k >= 1; k--) {
      series = (series + BERNOULLI[k - 1]) / (shifted * shifted);
    }
    return sum + (1 + 0.5 / shifted + series) / shifted;
  }

  private static double sinPi(double x) {
    double whole = Math.rint(x);
    double sine = Math.sin(Math.PI * (x - whole));
    return whole % 2 == 0 ? sine : -sine;
  }

  private static double tanPi(double x) {
    return Math.tan(Math.PI * (x - Math.rint(x)));
  }

  /// The logarithm to base 2, exact for powers of 2.
  public static double log2(double x) {
    int exponent = Math.getExponent(x);
    if (!(x > 0) || exponent > Double.MAX_EXPONENT || exponent < Double.MIN_EXPONENT) {
      return Math.log(x) / LN_2;
    }
    double significand = Math.scalb(x, -exponent);
    return significand > 1.5
        ? exponent + 1 + Math.log(significand / 2) / LN_2
        : exponent + Math.log(significand) / LN_2;
  }

  /// The inverse hyperbolic sine.
  public static double asinh(double x) {
    double size = Math.abs(x);
    double result =
        size > 1e9
            ? Math.log(size) + LN_2
            : Math.log1p(size + size * size / (1 + Math.sqrt(size * size + 1)));
    return Math.copySign(result, x);
  }

  /// The inverse hyperbolic cosine; NaN below 1.
  public static double acosh(double x) {
    if (x < 1) {
      return Double.NaN;
    }
    double above = x - 1;
    return x > 1e9 ? Math.log(x) + LN_2 : Math.log1p(above + Math.sqrt(2 * above + above * above));
  }

  /// The inverse hyperbolic tangent; infinite at -1 and 1, NaN beyond.
  public static double atanh(double x) {
    double size = Math.abs(x);
    return Math.copySign(Math.log1p(2 * size / (1 - size)) / 2, x);
  }

  /// `1 / (1 + exp(-x))`.
  public static double sigmoid(double x) {
    double small = Math.exp(-Math.abs(x));
    return x >= 0 ? 1 / (1 + small) : small / (1 + small);
  }
}

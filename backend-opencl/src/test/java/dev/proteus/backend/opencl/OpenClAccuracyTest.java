package dev.proteus.backend.opencl;

import static dev.proteus.backend.opencl.WithDevice.DEVICE;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Fn;
import dev.proteus.expr.Reals;
import dev.proteus.op.Map;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How far functions of float32 are from their values, in units in the last place, over all of the
/// range where they are neither 0 nor infinite. There are so many points that the expression gets a
/// kernel of its own.
class OpenClAccuracyTest {
  private static final int POINTS = 1 << 21;

  @BeforeAll
  static void device() {
    WithDevice.check();
  }

  @ParameterizedTest
  @CsvSource({
    "EXP, -87, 88, 3", "EXP2, -125, 127, 3", "EXPM1, -20, 88, 3", "LOG, 0, 3e38, 3",
    "LOG2, 0, 3e38, 3", "LOG10, 0, 3e38, 3", "LOG1P, -1, 3e38, 3", "SIN, -1e3, 1e3, 4",
    "COS, -1e3, 1e3, 4", "TAN, -1e3, 1e3, 5", "ASIN, -1, 1, 4", "ACOS, -1, 1, 4",
    "ATAN, -1e30, 1e30, 5", "SINH, -88, 88, 4", "COSH, -88, 88, 4", "TANH, -20, 20, 4",
    "ASINH, -1e30, 1e30, 4", "ACOSH, 1, 1e30, 4", "ATANH, -1, 1, 5", "SIGMOID, -80, 80, 4",
    "ERF, -6, 6, 6", "ERFC, -6, 9, 16", "SQRT, 0, 3e38, 0.5", "RSQRT, 0, 3e38, 2"
  })
  void functionsOfFloat32(Fn fn, float least, float most, double allowed) {
    float[] points = points(least, most);
    Expr value = new Expr.Call(fn, DType.FLOAT32, List.of(new Expr.Input(0, DType.FLOAT32)));
    Tensor x = Tensor.of(points, POINTS).to(DEVICE);
    float[] got = x.call(Map.of("measured", value), List.of(x)).toFloatArray();
    double worst = 0;
    float where = 0;
    for (int i = 0; i < POINTS; i++) {
      double exact = Reals.apply(fn, points[i], 0, 0);
      double error = Math.abs(got[i] - exact) / Math.ulp((float) exact);
      if (!(error <= worst)) {
        worst = error;
        where = points[i];
      }
    }
    assertTrue(worst <= allowed, fn + " is off by " + worst + " at " + where);
  }

  /// Half of them spread evenly, half by their magnitudes.
  private static float[] points(float least, float most) {
    SplittableRandom random = new SplittableRandom(5);
    float[] points = new float[POINTS];
    for (int i = 0; i < POINTS; ) {
      float point = (float) random.nextDouble(least, most);
      if (i % 2 == 1) {
        point = Float.intBitsToFloat(random.nextInt());
      }
      if (point > least && point < most) {
        points[i++] = point;
      }
    }
    return points;
  }
}

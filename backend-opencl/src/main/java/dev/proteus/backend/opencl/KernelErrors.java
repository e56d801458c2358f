package dev.proteus.backend.opencl;

import dev.proteus.expr.ExprKey;
import dev.proteus.expr.Fn;
import dev.proteus.expr.Step;
import dev.proteus.type.DType;
import java.util.EnumSet;
import java.util.Set;

/// What kernels note for the host to throw; the codes are those of the prelude.
final class KernelErrors {
  static final int DIVISION_BY_ZERO = 1;
  static final int INDEX_OUT_OF_RANGE = 2;

  private static final Set<Fn> DIVISIONS =
      EnumSet.of(Fn.FLOOR_DIV, Fn.TRUNC_DIV, Fn.REMAINDER, Fn.FMOD);

  private KernelErrors() {}

  /// Throws what the kernel of an expression has noted.
  ///
  /// @throws ArithmeticException if it divided an integer by zero (rule DT-22)
  static void check(ExprKey key, int noted) {
    if (noted == DIVISION_BY_ZERO) {
      throw new ArithmeticException(division(key) + ": an integer is divided by zero");
    }
  }

  private static Fn division(ExprKey key) {
    for (Step step : key.steps()) {
      if (step instanceof Step.Call(Fn fn, DType dtype, _)
          && !dtype.isFloating()
          && DIVISIONS.contains(fn)) {
        return fn;
      }
    }
    throw new IllegalStateException("opencl: a kernel without a division divided by zero");
  }
}

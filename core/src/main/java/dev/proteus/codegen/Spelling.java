package dev.proteus.codegen;

import dev.proteus.error.DTypeException;
import dev.proteus.expr.Fn;
import dev.proteus.type.DType;
import java.util.List;

/// How each scalar function is spelled in C.
final class Spelling {
  private Spelling() {}

  /// `fn` of values of a type, as an expression.
  ///
  /// @param operands the type of the operands, or of the last two of `WHERE`
  static String of(Fn fn, DType operands, List<String> args) {
    if (fn == Fn.WHERE) {
      return "(%s ? %s : %s)".formatted(args.get(0), args.get(1), args.get(2));
    }
    String a = args.getFirst();
    String b = args.getLast();
    return operands.isFloating()
        ? real(fn, CType.computed(operands), a, b)
        : integer(fn, operands, a, b);
  }

  private static String real(Fn fn, String type, String a, String b) {
    return switch (fn) {
      case ADD -> infix(a, "+", b);
      case SUB -> infix(a, "-", b);
      case MUL -> infix(a, "*", b);
      case DIV -> infix(a, "/", b);
      case FLOOR_DIV -> own("floor_div", type, a, b);
      case TRUNC_DIV -> "trunc(" + a + " / " + b + ")";
      case REMAINDER -> own("modulo", type, a, b);
      case FMOD -> call("fmod", a, b);
      case POW -> own("power", type, a, b);
      case MAX -> own("larger", type, a, b);
      case MIN -> own("smaller", type, a, b);
      case FMAX -> call("fmax", a, b);
      case FMIN -> call("fmin", a, b);
      case ATAN2 -> call("atan2", a, b);
      case NEG -> "(-" + a + ")";
      case ABS -> call("fabs", a);
      case SIGN -> own("signum", type, a);
      case FLOOR -> call("floor", a);
      case CEIL -> call("ceil", a);
      case TRUNC -> call("trunc", a);
      case ROUND -> call("rint", a);
      case SQRT -> call("sqrt", a);
      case RSQRT -> "(1 / sqrt(" + a + "))";
      case EXP -> call("exp", a);
      case EXP2 -> call("exp2", a);
      case EXPM1 -> own("exponential_less_one", type, a);
      case LOG -> own("logarithm", type, a);
      case LOG2 -> own("logarithm2", type, a);
      case LOG10 -> own("logarithm10", type, a);
      case LOG1P -> own("logarithm1p", type, a);
      case SIN -> call("sin", a);
      case COS -> call("cos", a);
      case TAN -> call("tan", a);
      case ASIN -> call("asin", a);
      case ACOS -> call("acos", a);
      case ATAN -> call("atan", a);
      case SINH -> call("sinh", a);
      case COSH -> call("cosh", a);
      case TANH -> own("hyperbolic_tangent", type, a);
      case ASINH -> call("asinh", a);
      case ACOSH -> call("acosh", a);
      case ATANH -> call("atanh", a);
      case SIGMOID -> own("sigmoid", type, a);
      case ERF -> own("error_function", type, a);
      case ERFC -> call("erfc", a);
      case ERFINV -> own("erfinv", type, a);
      case LGAMMA -> call("lgamma", a);
      case DIGAMMA -> own("digamma", type, a);
      case TRIGAMMA -> own("trigamma", type, a);
      case EQ -> infix(a, "==", b);
      case NE -> infix(a, "!=", b);
      case LT -> infix(a, "<", b);
      case LE -> infix(a, "<=", b);
      case GT -> infix(a, ">", b);
      case GE -> infix(a, ">=", b);
      case AND, OR, XOR, NOT, SHL, SHR, PHILOX, WHERE ->
          throw new DTypeException(fn + ": operands are floating; they must be integers");
    };
  }

  /// Integers are computed in 64 bits and wrapped to their width by whoever stores the result.
  private static String integer(Fn fn, DType dtype, String a, String b) {
    return switch (fn) {
      case ADD -> call("add_i64", a, b);
      case SUB -> call("sub_i64", a, b);
      case MUL -> call("mul_i64", a, b);
      case FLOOR_DIV -> call("floor_div_i64", a, b, "errors");
      case TRUNC_DIV -> call("trunc_div_i64", a, b, "errors");
      case REMAINDER -> call("modulo_i64", a, b, "errors");
      case FMOD -> call("fmod_i64", a, b, "errors");
      case POW -> call("power_i64", a, b);
      case MAX, FMAX -> "(%s > %s ? %s : %s)".formatted(a, b, a, b);
      case MIN, FMIN -> "(%s < %s ? %s : %s)".formatted(a, b, a, b);
      case NEG -> call("sub_i64", "0", a);
      case ABS -> "(%s < 0 ? sub_i64(0, %s) : %s)".formatted(a, a, a);
      case SIGN -> "((%s > 0) - (%s < 0))".formatted(a, a);
      case FLOOR, CEIL, TRUNC, ROUND -> a;
      case EQ -> infix(a, "==", b);
      case NE -> infix(a, "!=", b);
      case LT -> infix(a, "<", b);
      case LE -> infix(a, "<=", b);
      case GT -> infix(a, ">", b);
      case GE -> infix(a, ">=", b);
      case AND -> infix(a, "&", b);
      case OR -> infix(a, "|", b);
      case XOR -> infix(a, "^", b);
      case NOT -> dtype == DType.BOOL ? "(1 - " + a + ")" : "(~" + a + ")";
      case SHL -> call("shl_i64", a, b, width(dtype));
      case SHR -> call("shr_i64", a, b, width(dtype));
      case PHILOX -> call("philox", a, b);
      case DIV,
          ATAN2,
          SQRT,
          RSQRT,
          EXP,
          EXP2,
          EXPM1,
          LOG,
          LOG2,
          LOG10,
          LOG1P,
          SIN,
          COS,
          TAN,
          ASIN,
          ACOS,
          ATAN,
          SINH,
          COSH,
          TANH,
          ASINH,
          ACOSH,
          ATANH,
          SIGMOID,
          ERF,
          ERFC,
          ERFINV,
          LGAMMA,
          DIGAMMA,
          TRIGAMMA,
          WHERE ->
          throw new DTypeException(fn + ": operands are " + dtype + "; they must be floating");
    };
  }

  private static String width(DType dtype) {
    return Integer.toString(8 * dtype.bytes());
  }

  private static String infix(String a, String operator, String b) {
    return "(" + a + " " + operator + " " + b + ")";
  }

  private static String call(String function, String... args) {
    return function + "(" + String.join(", ", args) + ")";
  }

  /// A function of the prelude, which has one for each floating type.
  private static String own(String function, String type, String... args) {
    return call(function + "_" + type, args);
  }
}

package dev.proteus.expr;

import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/// Smaller expressions of the same value, for every value of the operands: NaN, infinities and the
/// sign of zero included.
///
/// Constants are folded by [Evaluate]. Shared subexpressions stay shared.
public final class Simplify {
  private static final Set<Fn> DIVISIONS =
      Set.of(Fn.FLOOR_DIV, Fn.TRUNC_DIV, Fn.REMAINDER, Fn.FMOD);
  private static final Evaluate.Point NOWHERE =
      new Evaluate.Point() {
        @Override
        public double real(int input) {
          throw new AssertionError("input " + input);
        }

        @Override
        public long integer(int input) {
          throw new AssertionError("input " + input);
        }

        @Override
        public long coordinate(int axis) {
          throw new AssertionError("axis " + axis);
        }
      };

  private final IdentityHashMap<Expr, Expr> known = new IdentityHashMap<>();
  private final Numbering numbering = new Numbering();

  private Simplify() {}

  /// An expression of the same type and value.
  public static Expr of(Expr expr) {
    return new Simplify().simplified(expr);
  }

  private Expr simplified(Expr expr) {
    Expr seen = known.get(expr);
    if (seen == null) {
      seen =
          switch (expr) {
            case Expr.Input _, Expr.Const _, Expr.Coord _ -> expr;
            case Expr.Cast(DType dtype, Expr arg) -> cast(dtype, simplified(arg));
            case Expr.Call(Fn fn, _, List<Expr> args) ->
                call(fn, args.stream().map(this::simplified).toArray(Expr[]::new));
          };
      known.put(expr, seen);
    }
    return seen;
  }

  /// A cast of a simplified operand.
  private Expr cast(DType dtype, Expr arg) {
    if (arg.dtype() == dtype) {
      return arg;
    }
    if (arg instanceof Expr.Const) {
      return folded(new Expr.Cast(dtype, arg));
    }
    // A half may hold more digits than its format until it is cast, so a cast back to it rounds.
    if (arg instanceof Expr.Cast(DType middle, Expr inner)
        && holdsAll(middle, inner.dtype())
        && !(dtype == inner.dtype() && dtype.isHalf())) {
      return cast(dtype, inner);
    }
    return new Expr.Cast(dtype, arg);
  }

  /// Whether `wide` represents each value of `narrow`.
  private static boolean holdsAll(DType wide, DType narrow) {
    return switch (wide) {
      case FLOAT64 -> narrow != DType.INT64;
      case FLOAT32 -> narrow.isHalf() || (!narrow.isFloating() && narrow.bytes() <= 2);
      case FLOAT16, BFLOAT16 -> narrow.bytes() == 1;
      case INT64, INT32, INT16 -> !narrow.isFloating() && narrow.bytes() < wide.bytes();
      case INT8, UINT8 -> narrow == DType.BOOL;
      case BOOL -> false;
    };
  }

  /// A call of simplified operands.
  private Expr call(Fn fn, Expr... args) {
    Expr call = Exprs.call(fn, args);
    if (foldable(fn, args)) {
      return folded(call);
    }
    Expr a = args[0];
    Expr b = args[args.length > 1 ? 1 : 0];
    return switch (fn) {
      case ADD -> isNothing(b) ? a : isNothing(a) ? b : call;
      case SUB -> is(b, 0) && !isNegativeZero(b) ? a : call;
      case MUL -> product(call, a, b);
      case DIV, FLOOR_DIV, TRUNC_DIV -> is(b, 1) && (fn == Fn.DIV || isInteger(a)) ? a : call;
      case POW -> power(call, a, b);
      case NEG ->
          a instanceof Expr.Call(Fn inner, _, var x) && inner == Fn.NEG ? x.getFirst() : call;
      case NOT ->
          a instanceof Expr.Call(Fn inner, _, var x) && inner == Fn.NOT ? x.getFirst() : call;
      case MAX, MIN, FMAX, FMIN -> areEqual(a, b) ? a : call;
      case AND -> logical(call, a, b, true);
      case OR -> logical(call, a, b, false);
      case WHERE -> where(call, a, b, args[args.length - 1]);
      case REMAINDER,
          FMOD,
          ATAN2,
          ABS,
          SIGN,
          FLOOR,
          CEIL,
          TRUNC,
          ROUND,
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
          EQ,
          NE,
          LT,
          LE,
          GT,
          GE,
          XOR,
          SHL,
          SHR,
          PHILOX ->
          call;
    };
  }

  private Expr product(Expr call, Expr a, Expr b) {
    if (a instanceof Expr.Const && !(b instanceof Expr.Const)) {
      return product(call, b, a);
    }
    if (is(b, 1)) {
      return a;
    }
    if (is(b, -1)) {
      return call(Fn.NEG, a);
    }
    return is(b, 0) && !b.dtype().isFloating() ? b : call;
  }

  private Expr power(Expr call, Expr a, Expr b) {
    if (is(b, 0)) {
      return Exprs.like(call, 1);
    }
    if (is(b, 1)) {
      return a;
    }
    return is(b, 2) ? call(Fn.MUL, a, a) : call;
  }

  /// An `AND`, whose neutral operand is true, or an `OR`, whose is false.
  private Expr logical(Expr call, Expr a, Expr b, boolean neutral) {
    if (areEqual(a, b) || isTruth(b, neutral) || isTruth(a, !neutral)) {
      return a;
    }
    return isTruth(a, neutral) || isTruth(b, !neutral) ? b : call;
  }

  private static boolean isTruth(Expr expr, boolean truth) {
    return expr instanceof Expr.Const(DType dtype, Scalar value)
        && dtype == DType.BOOL
        && value.asBoolean() == truth;
  }

  private Expr where(Expr call, Expr condition, Expr yes, Expr no) {
    if (condition instanceof Expr.Const(_, Scalar value)) {
      return value.asBoolean() ? yes : no;
    }
    return areEqual(yes, no) ? yes : call;
  }

  /// Division of integers by zero is left for the kernel to report.
  private static boolean foldable(Fn fn, Expr... args) {
    for (Expr arg : args) {
      if (!(arg instanceof Expr.Const)) {
        return false;
      }
    }
    return !DIVISIONS.contains(fn) || !isInteger(args[1]) || !is(args[1], 0);
  }

  private static Expr folded(Expr expr) {
    Evaluate evaluate = Evaluate.of(expr);
    evaluate.at(NOWHERE);
    DType dtype = expr.dtype();
    return Exprs.constant(
        dtype, dtype.isFloating() ? Scalar.of(evaluate.real()) : Scalar.of(evaluate.integer()));
  }

  private boolean areEqual(Expr a, Expr b) {
    return numbering.number(a) == numbering.number(b);
  }

  private static boolean is(Expr expr, double number) {
    return expr instanceof Expr.Const(_, Scalar value) && value.asDouble() == number;
  }

  /// Whether adding it changes nothing: adding a positive zero changes a negative one.
  private static boolean isNothing(Expr expr) {
    return is(expr, 0) && (!expr.dtype().isFloating() || isNegativeZero(expr));
  }

  private static boolean isNegativeZero(Expr expr) {
    return expr instanceof Expr.Const(_, Scalar value) && 1 / value.asDouble() < 0 && is(expr, 0);
  }

  private static boolean isInteger(Expr expr) {
    return !expr.dtype().isFloating();
  }
}

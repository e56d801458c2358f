package dev.proteus.expr;

import dev.proteus.error.DTypeException;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;

/// Builds typed expressions and asks simple questions about them: one method per [Fn], and
/// constants that take their type from a neighbour.
public final class Exprs {
  private Exprs() {}

  /// Operand `index`.
  public static Expr input(int index, DType dtype) {
    return new Expr.Input(index, dtype);
  }

  /// A number of the given type.
  public static Expr constant(DType dtype, double value) {
    return dtype.isFloating()
        ? new Expr.Const(dtype, Scalar.of(value))
        : new Expr.Const(dtype, Scalar.of((long) value));
  }

  /// A number of the given type; an integer wraps to its width (rule DT-20).
  public static Expr constant(DType dtype, Scalar value) {
    return switch (dtype.category()) {
      case BOOL -> new Expr.Const(dtype, Scalar.of(value.asBoolean()));
      case INTEGER -> new Expr.Const(dtype, Scalar.of(Evaluate.wrapped(dtype, value.asLong())));
      case FLOATING -> new Expr.Const(dtype, Scalar.of(value.asDouble()));
    };
  }

  /// A number of the type of `like`.
  public static Expr like(Expr like, double value) {
    return constant(like.dtype(), value);
  }

  /// `arg` converted to `dtype`, or itself if it has that type.
  public static Expr cast(DType dtype, Expr arg) {
    return arg.dtype() == dtype ? arg : new Expr.Cast(dtype, arg);
  }

  /// A function of values whose types must fit it.
  ///
  /// @throws DTypeException if operands that must have one type do not
  public static Expr call(Fn fn, Expr... args) {
    return new Expr.Call(fn, resultType(fn, args), List.of(args));
  }

  /// The numbers of the operands that an expression reads.
  public static BitSet inputs(Expr expr) {
    BitSet inputs = new BitSet();
    for (Step step : Listing.of(expr).steps()) {
      if (step instanceof Step.Input(int index, _)) {
        inputs.set(index);
      }
    }
    return inputs;
  }

  /// The values of the constants, in the order in which kernels take them.
  public static List<Expr.Const> constants(Expr expr) {
    return Listing.of(expr).constants();
  }

  /// The number of different subexpressions.
  public static int size(Expr expr) {
    return Listing.of(expr).steps().size();
  }

  /// Whether some values make the expression fail: integers that are divided by zero (rule DT-22).
  public static boolean mayFail(Expr expr) {
    return switch (expr) {
      case Expr.Input _, Expr.Const _, Expr.Coord _ -> false;
      case Expr.Cast(_, Expr arg) -> mayFail(arg);
      case Expr.Call(Fn fn, DType dtype, List<Expr> args) ->
          divides(fn) && !dtype.isFloating() && mayBeZero(args.get(1))
              || args.stream().anyMatch(Exprs::mayFail);
    };
  }

  private static boolean divides(Fn fn) {
    return fn == Fn.FLOOR_DIV || fn == Fn.TRUNC_DIV || fn == Fn.REMAINDER || fn == Fn.FMOD;
  }

  private static boolean mayBeZero(Expr divisor) {
    return !(divisor instanceof Expr.Const number) || number.value().asLong() == 0;
  }

  /// An expression in which operand `i` is replaced by `operands[i]`, of the same type: the
  /// composition of pointwise operators.
  public static Expr substitute(Expr expr, List<Expr> operands) {
    return substitute(expr, operands, new IdentityHashMap<>());
  }

  private static Expr substitute(
      Expr expr, List<Expr> operands, IdentityHashMap<Expr, Expr> known) {
    Expr seen = known.get(expr);
    if (seen != null) {
      return seen;
    }
    Expr result =
        switch (expr) {
          case Expr.Input(int index, DType dtype) -> checked(operands.get(index), dtype, index);
          case Expr.Const _, Expr.Coord _ -> expr;
          case Expr.Cast(DType dtype, Expr arg) -> cast(dtype, substitute(arg, operands, known));
          case Expr.Call(Fn fn, DType dtype, List<Expr> args) ->
              new Expr.Call(
                  fn, dtype, args.stream().map(a -> substitute(a, operands, known)).toList());
        };
    known.put(expr, result);
    return result;
  }

  /// An expression over fewer operands: those it reads, numbered from 0 on in the same order.
  public static Expr packed(Expr expr) {
    BitSet read = inputs(expr);
    List<Expr> operands = new ArrayList<>(Collections.nCopies(read.length(), expr));
    for (Step step : Listing.of(expr).steps()) {
      if (step instanceof Step.Input(int index, DType dtype)) {
        operands.set(index, input(read.get(0, index).cardinality(), dtype));
      }
    }
    return substitute(expr, operands);
  }

  private static Expr checked(Expr operand, DType dtype, int index) {
    if (operand.dtype() != dtype) {
      throw new DTypeException(
          "substitute: operand " + index + " is " + operand.dtype() + "; it must be " + dtype);
    }
    return operand;
  }

  /// An expression in which each subexpression that equals `target` is replaced by `substitute`, of
  /// the same type.
  public static Expr replace(Expr expr, Expr target, Expr substitute) {
    Numbering numbering = new Numbering();
    return replace(expr, numbering.number(target), substitute, numbering, new IdentityHashMap<>());
  }

  private static Expr replace(
      Expr expr,
      int target,
      Expr substitute,
      Numbering numbering,
      IdentityHashMap<Expr, Expr> known) {
    if (numbering.number(expr) == target) {
      return substitute;
    }
    Expr seen = known.get(expr);
    if (seen != null) {
      return seen;
    }
    Expr result =
        switch (expr) {
          case Expr.Input _, Expr.Const _, Expr.Coord _ -> expr;
          case Expr.Cast(DType dtype, Expr arg) ->
              new Expr.Cast(dtype, replace(arg, target, substitute, numbering, known));
          case Expr.Call(Fn fn, DType dtype, List<Expr> args) ->
              new Expr.Call(
                  fn,
                  dtype,
                  args.stream()
                      .map(a -> replace(a, target, substitute, numbering, known))
                      .toList());
        };
    known.put(expr, result);
    return result;
  }

  private static DType resultType(Fn fn, Expr... args) {
    if (args.length != fn.arity()) {
      throw new IllegalArgumentException(
          fn + ": takes " + fn.arity() + " operands, got " + args.length);
    }
    int first = fn.result() == Fn.Result.SECOND ? 1 : 0;
    DType type = args[first].dtype();
    for (int i = first + 1; i < args.length; i++) {
      if (args[i].dtype() != type) {
        throw new DTypeException(
            fn + ": operands are " + type + " and " + args[i].dtype() + "; they must be the same");
      }
    }
    return switch (fn.result()) {
      case SAME, SECOND -> type;
      case BOOL -> DType.BOOL;
    };
  }

  public static Expr add(Expr a, Expr b) {
    return call(Fn.ADD, a, b);
  }

  public static Expr sub(Expr a, Expr b) {
    return call(Fn.SUB, a, b);
  }

  public static Expr mul(Expr a, Expr b) {
    return call(Fn.MUL, a, b);
  }

  public static Expr div(Expr a, Expr b) {
    return call(Fn.DIV, a, b);
  }

  public static Expr floorDiv(Expr a, Expr b) {
    return call(Fn.FLOOR_DIV, a, b);
  }

  public static Expr truncDiv(Expr a, Expr b) {
    return call(Fn.TRUNC_DIV, a, b);
  }

  public static Expr remainder(Expr a, Expr b) {
    return call(Fn.REMAINDER, a, b);
  }

  public static Expr fmod(Expr a, Expr b) {
    return call(Fn.FMOD, a, b);
  }

  public static Expr pow(Expr a, Expr b) {
    return call(Fn.POW, a, b);
  }

  public static Expr max(Expr a, Expr b) {
    return call(Fn.MAX, a, b);
  }

  public static Expr min(Expr a, Expr b) {
    return call(Fn.MIN, a, b);
  }

  public static Expr fmax(Expr a, Expr b) {
    return call(Fn.FMAX, a, b);
  }

  public static Expr fmin(Expr a, Expr b) {
    return call(Fn.FMIN, a, b);
  }

  public static Expr atan2(Expr a, Expr b) {
    return call(Fn.ATAN2, a, b);
  }

  public static Expr neg(Expr x) {
    return call(Fn.NEG, x);
  }

  public static Expr abs(Expr x) {
    return call(Fn.ABS, x);
  }

  public static Expr sign(Expr x) {
    return call(Fn.SIGN, x);
  }

  public static Expr floor(Expr x) {
    return call(Fn.FLOOR, x);
  }

  public static Expr ceil(Expr x) {
    return call(Fn.CEIL, x);
  }

  public static Expr trunc(Expr x) {
    return call(Fn.TRUNC, x);
  }

  public static Expr round(Expr x) {
    return call(Fn.ROUND, x);
  }

  public static Expr sqrt(Expr x) {
    return call(Fn.SQRT, x);
  }

  public static Expr rsqrt(Expr x) {
    return call(Fn.RSQRT, x);
  }

  public static Expr exp(Expr x) {
    return call(Fn.EXP, x);
  }

  public static Expr exp2(Expr x) {
    return call(Fn.EXP2, x);
  }

  public static Expr expm1(Expr x) {
    return call(Fn.EXPM1, x);
  }

  public static Expr log(Expr x) {
    return call(Fn.LOG, x);
  }

  public static Expr log2(Expr x) {
    return call(Fn.LOG2, x);
  }

  public static Expr log10(Expr x) {
    return call(Fn.LOG10, x);
  }

  public static Expr log1p(Expr x) {
    return call(Fn.LOG1P, x);
  }

  public static Expr sin(Expr x) {
    return call(Fn.SIN, x);
  }

  public static Expr cos(Expr x) {
    return call(Fn.COS, x);
  }

  public static Expr tan(Expr x) {
    return call(Fn.TAN, x);
  }

  public static Expr asin(Expr x) {
    return call(Fn.ASIN, x);
  }

  public static Expr acos(Expr x) {
    return call(Fn.ACOS, x);
  }

  public static Expr atan(Expr x) {
    return call(Fn.ATAN, x);
  }

  public static Expr sinh(Expr x) {
    return call(Fn.SINH, x);
  }

  public static Expr cosh(Expr x) {
    return call(Fn.COSH, x);
  }

  public static Expr tanh(Expr x) {
    return call(Fn.TANH, x);
  }

  public static Expr asinh(Expr x) {
    return call(Fn.ASINH, x);
  }

  public static Expr acosh(Expr x) {
    return call(Fn.ACOSH, x);
  }

  public static Expr atanh(Expr x) {
    return call(Fn.ATANH, x);
  }

  public static Expr sigmoid(Expr x) {
    return call(Fn.SIGMOID, x);
  }

  public static Expr erf(Expr x) {
    return call(Fn.ERF, x);
  }

  public static Expr erfc(Expr x) {
    return call(Fn.ERFC, x);
  }

  public static Expr erfinv(Expr x) {
    return call(Fn.ERFINV, x);
  }

  public static Expr lgamma(Expr x) {
    return call(Fn.LGAMMA, x);
  }

  public static Expr digamma(Expr x) {
    return call(Fn.DIGAMMA, x);
  }

  public static Expr trigamma(Expr x) {
    return call(Fn.TRIGAMMA, x);
  }

  public static Expr eq(Expr a, Expr b) {
    return call(Fn.EQ, a, b);
  }

  public static Expr ne(Expr a, Expr b) {
    return call(Fn.NE, a, b);
  }

  public static Expr lt(Expr a, Expr b) {
    return call(Fn.LT, a, b);
  }

  public static Expr le(Expr a, Expr b) {
    return call(Fn.LE, a, b);
  }

  public static Expr gt(Expr a, Expr b) {
    return call(Fn.GT, a, b);
  }

  public static Expr ge(Expr a, Expr b) {
    return call(Fn.GE, a, b);
  }

  public static Expr and(Expr a, Expr b) {
    return call(Fn.AND, a, b);
  }

  public static Expr or(Expr a, Expr b) {
    return call(Fn.OR, a, b);
  }

  public static Expr xor(Expr a, Expr b) {
    return call(Fn.XOR, a, b);
  }

  public static Expr not(Expr x) {
    return call(Fn.NOT, x);
  }

  public static Expr shl(Expr a, Expr b) {
    return call(Fn.SHL, a, b);
  }

  public static Expr shr(Expr a, Expr b) {
    return call(Fn.SHR, a, b);
  }

  public static Expr where(Expr condition, Expr yes, Expr no) {
    return call(Fn.WHERE, condition, yes, no);
  }

  public static Expr philox(Expr seed, Expr index) {
    return call(Fn.PHILOX, seed, index);
  }

  public static Expr add(Expr a, double b) {
    return add(a, like(a, b));
  }

  public static Expr sub(Expr a, double b) {
    return sub(a, like(a, b));
  }

  public static Expr mul(Expr a, double b) {
    return mul(a, like(a, b));
  }

  public static Expr div(Expr a, double b) {
    return div(a, like(a, b));
  }
}

package dev.proteus.expr;

import dev.proteus.error.DTypeException;
import dev.proteus.type.DType;
import dev.proteus.type.Halves;
import dev.proteus.type.Scalar;
import java.util.List;

/// An expression made ready to be computed for one element after another, exactly as the rules say
/// (DT-20 to DT-25): the oracle of all backends, and the folder of constants.
///
/// Integers and booleans are a `long`, floating values a `double` rounded to float32 after each
/// step of a narrower type. Functions are computed in float64. Not safe for use by several threads.
public final class Evaluate {
  /// Where an expression is evaluated: the elements of the operands and the coordinates.
  public interface Point {
    /// The element of operand `input`, which is floating.
    double real(int input);

    /// The element of operand `input`, which is an integer, or a bool as 0 or 1.
    long integer(int input);

    /// The output's coordinate along `axis`.
    long coordinate(int axis);
  }

  /// One step: reads earlier values, stores its own.
  private interface Action {
    void run(Point point);
  }

  private final List<Step> steps;
  private final Action[] actions;
  private final double[] reals;
  private final long[] integers;

  private Evaluate(Listing listing) {
    steps = listing.steps();
    reals = new double[steps.size()];
    integers = new long[steps.size()];
    actions = new Action[steps.size()];
    for (int i = 0; i < actions.length; i++) {
      actions[i] = action(i, steps.get(i), listing.constants());
    }
  }

  /// An expression made ready.
  public static Evaluate of(Expr expr) {
    return new Evaluate(Listing.of(expr));
  }

  /// Computes the value at `point`; [#real()] or [#integer()] is then the result.
  ///
  /// @throws ArithmeticException on division of integers by zero (rule DT-22)
  public void at(Point point) {
    for (Action action : actions) {
      action.run(point);
    }
  }

  /// The value last computed, if the expression is floating.
  public double real() {
    return reals[reals.length - 1];
  }

  /// The value last computed, if the expression is an integer, or a bool as 0 or 1.
  public long integer() {
    return integers[integers.length - 1];
  }

  private Action action(int i, Step step, List<Expr.Const> constants) {
    return switch (step) {
      case Step.Input(int index, DType dtype) when dtype.isFloating() ->
          point -> reals[i] = point.real(index);
      case Step.Input(int index, _) -> point -> integers[i] = point.integer(index);
      case Step.Coord(int axis) -> point -> integers[i] = point.coordinate(axis);
      case Step.Const(int slot, DType dtype) -> constant(i, dtype, constants.get(slot).value());
      case Step.Cast(DType dtype, int arg) -> cast(i, dtype, arg);
      case Step.Call(Fn fn, DType dtype, List<Integer> args) -> call(i, dtype, fn, args);
    };
  }

  private Action constant(int i, DType dtype, Scalar value) {
    if (dtype.isFloating()) {
      double real = computed(dtype, value.asDouble());
      return _ -> reals[i] = real;
    }
    long integer = wrapped(dtype, value.asLong());
    return _ -> integers[i] = integer;
  }

  private Action cast(int i, DType dtype, int arg) {
    boolean fromReal = isReal(arg);
    if (dtype.isFloating()) {
      return fromReal
          ? _ -> reals[i] = rounded(dtype, reals[arg])
          : _ -> reals[i] = rounded(dtype, integers[arg]);
    }
    if (dtype == DType.BOOL) {
      return fromReal
          ? _ -> integers[i] = reals[arg] != 0 ? 1 : 0
          : _ -> integers[i] = integers[arg] != 0 ? 1 : 0;
    }
    return fromReal
        ? _ -> integers[i] = wrapped(dtype, (long) reals[arg])
        : _ -> integers[i] = wrapped(dtype, integers[arg]);
  }

  private Action call(int i, DType dtype, Fn fn, List<Integer> args) {
    int a = args.getFirst();
    int b = args.get(args.size() > 1 ? 1 : 0);
    int c = args.getLast();
    if (!isReal(c)) {
      DType operands = steps.get(c).dtype();
      return _ ->
          integers[i] =
              wrapped(dtype, Integers.apply(fn, operands, integers[a], integers[b], integers[c]));
    }
    if (!isReal(a)) {
      return _ -> reals[i] = Reals.apply(fn, (double) integers[a], reals[b], reals[c]);
    }
    return dtype.isFloating()
        ? _ -> reals[i] = computed(dtype, Reals.apply(fn, reals[a], reals[b], reals[c]))
        : _ -> integers[i] = (long) Reals.apply(fn, reals[a], reals[b], reals[c]);
  }

  private boolean isReal(int step) {
    return steps.get(step).dtype().isFloating();
  }

  /// A value as it is kept between steps: halves are computed in float32.
  private static double computed(DType dtype, double value) {
    return dtype == DType.FLOAT64 ? value : (float) value;
  }

  /// `value` rounded to a floating type, as at a cast and at a store (rule DT-24).
  public static double rounded(DType dtype, double value) {
    return dtype.isHalf() ? Halves.round(dtype, (float) value) : computed(dtype, value);
  }

  /// An integer rounded to a floating type, once.
  private static double rounded(DType dtype, long value) {
    return dtype == DType.FLOAT64 ? (double) value : rounded(dtype, (double) (float) value);
  }

  /// `value` wrapped to the width of an integer type; for a bool, whether it is not zero (rule
  /// DT-20).
  ///
  /// @throws DTypeException if the type is floating
  public static long wrapped(DType dtype, long value) {
    return switch (dtype) {
      case INT64 -> value;
      case INT32 -> (int) value;
      case INT16 -> (short) value;
      case INT8 -> (byte) value;
      case UINT8 -> value & 0xff;
      case BOOL -> value != 0 ? 1 : 0;
      case FLOAT64, FLOAT32, FLOAT16, BFLOAT16 ->
          throw new DTypeException(
              "wrap: the type is " + dtype + "; it must be an integer or bool");
    };
  }
}

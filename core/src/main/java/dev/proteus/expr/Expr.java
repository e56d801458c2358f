package dev.proteus.expr;

import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import java.util.List;

/// What a pointwise kernel computes for one element: a typed expression over its inputs and
/// coordinates. A value.
///
/// Floating arithmetic of halves is done in float32; a result is rounded at a cast and at the
/// store. Integer arithmetic wraps at the width of its type after every call (rule DT-20).
public sealed interface Expr {
  /// The type of the result.
  DType dtype();

  /// The element of operand `index` at the output's coordinates.
  record Input(int index, DType dtype) implements Expr {}

  /// A number. Backends pass it beside the kernel, so that expressions that differ in constants
  /// share one.
  record Const(DType dtype, Scalar value) implements Expr {}

  /// The output's coordinate along `axis`, an int64.
  record Coord(int axis) implements Expr {
    @Override
    public DType dtype() {
      return DType.INT64;
    }
  }

  /// A value converted to another type (rule DT-24).
  record Cast(DType dtype, Expr arg) implements Expr {}

  /// A function of values; all operands but a condition have one type.
  record Call(Fn fn, DType dtype, List<Expr> args) implements Expr {
    public Call {
      args = List.copyOf(args);
    }
  }
}

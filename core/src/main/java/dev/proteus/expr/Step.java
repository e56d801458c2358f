package dev.proteus.expr;

import dev.proteus.type.DType;
import java.util.List;

/// One line of a [Listing]: how one value is made from operands, constants and the values of
/// earlier steps.
public sealed interface Step {
  /// The type of the value.
  DType dtype();

  /// The element of operand `index` at the output's coordinates.
  record Input(int index, DType dtype) implements Step {}

  /// Constant number `slot` of the listing.
  record Const(int slot, DType dtype) implements Step {}

  /// The output's coordinate along `axis`.
  record Coord(int axis) implements Step {
    @Override
    public DType dtype() {
      return DType.INT64;
    }
  }

  /// The value of step `arg` converted to another type (rule DT-24).
  record Cast(DType dtype, int arg) implements Step {}

  /// A function of the values of the steps `args`.
  record Call(Fn fn, DType dtype, List<Integer> args) implements Step {
    public Call {
      args = List.copyOf(args);
    }
  }
}

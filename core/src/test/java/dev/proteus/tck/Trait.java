package dev.proteus.tck;

/// Something the kit must know about a sample to try it rightly.
public enum Trait {
  /// Each element of the result depends on one of each operand: tried with infinities, NaN and the
  /// limits of integers, too.
  SPECIAL_VALUES,
  /// What becomes of elements that are NaN or infinite is defined: tried with one of each.
  NOT_FINITE,
  /// Operands are promoted: tried with operands of different types, too.
  PROMOTES,
  /// No gradient flows, although operands and results may be floating.
  NOT_DIFFERENTIABLE,
  /// The derivative has no derivative, or one that finite differences cannot tell.
  ONCE_DIFFERENTIABLE,
  /// Values are rounded, even those of float64, so that finite differences tell nothing.
  ROUNDS,
  /// It is a method that combines operators and has no say in what types they accept.
  COMBINED,
  /// How many elements the result has depends on the operands' values, so the meta device refuses.
  DATA_DEPENDENT,
  /// The result reads the first operand's storage.
  VIEW,
  /// The result may read the first operand's storage; any other result must be a copy.
  MAY_ALIAS,
  /// The meaning depends on the type, so the oracle computes in it, too, and not in float64.
  OWN_TYPE,
  /// The result is equal to the oracle's to the bit.
  EXACT
}

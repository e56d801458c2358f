package dev.proteus.tensor;

import dev.proteus.expr.Exprs;
import dev.proteus.op.Copies;
import dev.proteus.op.Map;
import dev.proteus.op.Op;
import dev.proteus.op.Pointwise;
import dev.proteus.op.Term;
import dev.proteus.type.Scalar;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/// The operators that write their result into the tensor they are called on.
///
/// Each is an ordinary operator with a place to write to; shapes and types follow rules BC-2 and
/// DT-5, history rule AG-23. Every pointwise operator has the form [#inPlace(Pointwise,
/// Tensor...)]; the common ones have a name of their own.
sealed interface InPlaceOps permits Tensor {
  /// Runs `op` on `inputs` and writes its result into this tensor.
  Tensor applyInPlace(Op op, List<Tensor> inputs);

  Tensor self();

  TensorSpec spec();

  /// Writes a pointwise operator of this and `others` into this.
  default Tensor inPlace(Pointwise op, Tensor... others) {
    List<Tensor> inputs = new ArrayList<>();
    List<Term> terms = new ArrayList<>();
    inputs.add(self());
    terms.add(Term.of(spec()));
    for (Tensor other : others) {
      inputs.add(other);
      terms.add(Term.of(other.spec()));
    }
    return applyInPlace(op.of(terms, Scope.dtype()), inputs);
  }

  /// Writes a pointwise operator of this and numbers into this.
  default Tensor inPlace(Pointwise op, Scalar... numbers) {
    List<Term> terms = new ArrayList<>();
    terms.add(Term.of(spec()));
    for (Scalar number : numbers) {
      terms.add(Term.of(number, Scope.dtype()));
    }
    return applyInPlace(op.of(terms, Scope.dtype()), List.of(self()));
  }

  /// Copies the values of `source`, broadcast, converted and moved to this tensor's device (rule
  /// TT-4).
  default Tensor copy_(Tensor source) {
    Tensor here = source.to(spec().device()).expand(spec().shape());
    return applyInPlace(Copies.cast(source.dtype(), spec().dtype()), List.of(here));
  }

  default Tensor fill_(double value) {
    return fill_(Scalar.of(value));
  }

  default Tensor fill_(Scalar value) {
    Map fill = Map.of("fill_", Exprs.constant(spec().dtype(), value), spec());
    return applyInPlace(fill, List.of());
  }

  default Tensor zero_() {
    return fill_(Scalar.of(0L));
  }

  /// Sets the elements where `mask`, a bool that expands to this shape, holds.
  default Tensor maskedFill_(Tensor mask, double value) {
    return applyWith(Pointwise.MASKED_FILL, Scalar.of(value), mask);
  }

  /// Sets the elements where `mask`, a bool that expands to this shape, holds, to `value`.
  default Tensor maskedFill_(Tensor mask, Tensor value) {
    return inPlace(Pointwise.MASKED_FILL, mask, value);
  }

  /// Goes a share `weight` of the way to `end`, as moving averages do.
  default Tensor lerp_(Tensor end, double weight) {
    return applyWith(Pointwise.LERP, Scalar.of(weight), end);
  }

  /// Adds `factor` times `a` times `b`.
  default Tensor addcmul_(Tensor a, Tensor b, double factor) {
    return applyWith(Pointwise.ADDCMUL, Scalar.of(factor), a, b);
  }

  /// Adds `factor` times `a` divided by `b`.
  default Tensor addcdiv_(Tensor a, Tensor b, double factor) {
    return applyWith(Pointwise.ADDCDIV, Scalar.of(factor), a, b);
  }

  /// Writes a pointwise operator of this, `others` and a number into this.
  private Tensor applyWith(Pointwise op, Scalar number, Tensor... others) {
    List<Tensor> inputs = new ArrayList<>(List.of(others));
    inputs.addFirst(self());
    List<Term> terms = new ArrayList<>(inputs.stream().map(x -> Term.of(x.spec())).toList());
    terms.add(Term.of(number, Scope.dtype()));
    return applyInPlace(op.of(terms, Scope.dtype()), inputs);
  }

  /// Keeps the elements between two bounds.
  default Tensor clamp_(double min, double max) {
    return inPlace(Pointwise.CLAMP, Scalar.of(min), Scalar.of(max));
  }

  /// Keeps the elements at or above a bound.
  default Tensor clampMin_(double min) {
    return inPlace(Pointwise.CLAMP_MIN, Scalar.of(min));
  }

  /// Keeps the elements at or below a bound.
  default Tensor clampMax_(double max) {
    return inPlace(Pointwise.CLAMP_MAX, Scalar.of(max));
  }

  default Tensor add_(Tensor other) {
    return inPlace(Pointwise.ADD, other);
  }

  /// Adds `alpha` times `other`.
  default Tensor add_(Tensor other, double alpha) {
    return applyWith(Pointwise.ADD_SCALED, Scalar.of(alpha), other);
  }

  /// Adds `alpha` times `other`.
  default Tensor add_(Tensor other, long alpha) {
    return applyWith(Pointwise.ADD_SCALED, Scalar.of(alpha), other);
  }

  default Tensor add_(double other) {
    return inPlace(Pointwise.ADD, Scalar.of(other));
  }

  default Tensor add_(long other) {
    return inPlace(Pointwise.ADD, Scalar.of(other));
  }

  default Tensor sub_(Tensor other) {
    return inPlace(Pointwise.SUB, other);
  }

  default Tensor sub_(double other) {
    return inPlace(Pointwise.SUB, Scalar.of(other));
  }

  default Tensor sub_(long other) {
    return inPlace(Pointwise.SUB, Scalar.of(other));
  }

  default Tensor mul_(Tensor other) {
    return inPlace(Pointwise.MUL, other);
  }

  default Tensor mul_(double other) {
    return inPlace(Pointwise.MUL, Scalar.of(other));
  }

  default Tensor mul_(long other) {
    return inPlace(Pointwise.MUL, Scalar.of(other));
  }

  default Tensor div_(Tensor other) {
    return inPlace(Pointwise.DIV, other);
  }

  default Tensor div_(double other) {
    return inPlace(Pointwise.DIV, Scalar.of(other));
  }

  default Tensor div_(long other) {
    return inPlace(Pointwise.DIV, Scalar.of(other));
  }

  default Tensor floorDivide_(Tensor other) {
    return inPlace(Pointwise.FLOOR_DIVIDE, other);
  }

  default Tensor floorDivide_(double other) {
    return inPlace(Pointwise.FLOOR_DIVIDE, Scalar.of(other));
  }

  default Tensor floorDivide_(long other) {
    return inPlace(Pointwise.FLOOR_DIVIDE, Scalar.of(other));
  }

  default Tensor remainder_(Tensor other) {
    return inPlace(Pointwise.REMAINDER, other);
  }

  default Tensor remainder_(double other) {
    return inPlace(Pointwise.REMAINDER, Scalar.of(other));
  }

  default Tensor remainder_(long other) {
    return inPlace(Pointwise.REMAINDER, Scalar.of(other));
  }

  default Tensor fmod_(Tensor other) {
    return inPlace(Pointwise.FMOD, other);
  }

  default Tensor fmod_(double other) {
    return inPlace(Pointwise.FMOD, Scalar.of(other));
  }

  default Tensor fmod_(long other) {
    return inPlace(Pointwise.FMOD, Scalar.of(other));
  }

  default Tensor pow_(Tensor other) {
    return inPlace(Pointwise.POW, other);
  }

  default Tensor pow_(double other) {
    return inPlace(Pointwise.POW, Scalar.of(other));
  }

  default Tensor pow_(long other) {
    return inPlace(Pointwise.POW, Scalar.of(other));
  }

  default Tensor atan2_(Tensor other) {
    return inPlace(Pointwise.ATAN2, other);
  }

  default Tensor atan2_(double other) {
    return inPlace(Pointwise.ATAN2, Scalar.of(other));
  }

  default Tensor atan2_(long other) {
    return inPlace(Pointwise.ATAN2, Scalar.of(other));
  }

  default Tensor maximum_(Tensor other) {
    return inPlace(Pointwise.MAXIMUM, other);
  }

  default Tensor maximum_(double other) {
    return inPlace(Pointwise.MAXIMUM, Scalar.of(other));
  }

  default Tensor maximum_(long other) {
    return inPlace(Pointwise.MAXIMUM, Scalar.of(other));
  }

  default Tensor minimum_(Tensor other) {
    return inPlace(Pointwise.MINIMUM, other);
  }

  default Tensor minimum_(double other) {
    return inPlace(Pointwise.MINIMUM, Scalar.of(other));
  }

  default Tensor minimum_(long other) {
    return inPlace(Pointwise.MINIMUM, Scalar.of(other));
  }

  default Tensor neg_() {
    return inPlace(Pointwise.NEG, new Tensor[0]);
  }

  default Tensor abs_() {
    return inPlace(Pointwise.ABS, new Tensor[0]);
  }

  default Tensor sign_() {
    return inPlace(Pointwise.SIGN, new Tensor[0]);
  }

  default Tensor floor_() {
    return inPlace(Pointwise.FLOOR, new Tensor[0]);
  }

  default Tensor ceil_() {
    return inPlace(Pointwise.CEIL, new Tensor[0]);
  }

  default Tensor trunc_() {
    return inPlace(Pointwise.TRUNC, new Tensor[0]);
  }

  default Tensor round_() {
    return inPlace(Pointwise.ROUND, new Tensor[0]);
  }

  default Tensor square_() {
    return inPlace(Pointwise.SQUARE, new Tensor[0]);
  }

  default Tensor sqrt_() {
    return inPlace(Pointwise.SQRT, new Tensor[0]);
  }

  default Tensor rsqrt_() {
    return inPlace(Pointwise.RSQRT, new Tensor[0]);
  }

  default Tensor reciprocal_() {
    return inPlace(Pointwise.RECIPROCAL, new Tensor[0]);
  }

  default Tensor exp_() {
    return inPlace(Pointwise.EXP, new Tensor[0]);
  }

  default Tensor exp2_() {
    return inPlace(Pointwise.EXP2, new Tensor[0]);
  }

  default Tensor expm1_() {
    return inPlace(Pointwise.EXPM1, new Tensor[0]);
  }

  default Tensor log_() {
    return inPlace(Pointwise.LOG, new Tensor[0]);
  }

  default Tensor log2_() {
    return inPlace(Pointwise.LOG2, new Tensor[0]);
  }

  default Tensor log10_() {
    return inPlace(Pointwise.LOG10, new Tensor[0]);
  }

  default Tensor log1p_() {
    return inPlace(Pointwise.LOG1P, new Tensor[0]);
  }

  default Tensor sin_() {
    return inPlace(Pointwise.SIN, new Tensor[0]);
  }

  default Tensor cos_() {
    return inPlace(Pointwise.COS, new Tensor[0]);
  }

  default Tensor tan_() {
    return inPlace(Pointwise.TAN, new Tensor[0]);
  }

  default Tensor asin_() {
    return inPlace(Pointwise.ASIN, new Tensor[0]);
  }

  default Tensor acos_() {
    return inPlace(Pointwise.ACOS, new Tensor[0]);
  }

  default Tensor atan_() {
    return inPlace(Pointwise.ATAN, new Tensor[0]);
  }

  default Tensor sinh_() {
    return inPlace(Pointwise.SINH, new Tensor[0]);
  }

  default Tensor cosh_() {
    return inPlace(Pointwise.COSH, new Tensor[0]);
  }

  default Tensor tanh_() {
    return inPlace(Pointwise.TANH, new Tensor[0]);
  }

  default Tensor sigmoid_() {
    return inPlace(Pointwise.SIGMOID, new Tensor[0]);
  }

  default Tensor relu_() {
    return inPlace(Pointwise.RELU, new Tensor[0]);
  }

  default Tensor erf_() {
    return inPlace(Pointwise.ERF, new Tensor[0]);
  }

  default Tensor erfc_() {
    return inPlace(Pointwise.ERFC, new Tensor[0]);
  }

  default Tensor erfinv_() {
    return inPlace(Pointwise.ERFINV, new Tensor[0]);
  }

  default Tensor lgamma_() {
    return inPlace(Pointwise.LGAMMA, new Tensor[0]);
  }

  default Tensor digamma_() {
    return inPlace(Pointwise.DIGAMMA, new Tensor[0]);
  }

  default Tensor logicalNot_() {
    return inPlace(Pointwise.LOGICAL_NOT, new Tensor[0]);
  }

  default Tensor bitwiseNot_() {
    return inPlace(Pointwise.BITWISE_NOT, new Tensor[0]);
  }

  default Tensor frac_() {
    return inPlace(Pointwise.FRAC, new Tensor[0]);
  }
}

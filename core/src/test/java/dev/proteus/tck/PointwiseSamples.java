package dev.proteus.tck;

import static dev.proteus.tck.Arg.mask;
import static dev.proteus.tck.Arg.x;
import static dev.proteus.tck.Domain.ANY;
import static dev.proteus.tck.Domain.NONZERO;
import static dev.proteus.tck.Domain.POSITIVE;
import static dev.proteus.tck.Domain.UNIT;
import static dev.proteus.tck.Domain.between;
import static dev.proteus.tck.Domain.integers;
import static dev.proteus.tck.Sample.ALL;
import static dev.proteus.tck.Sample.FLOATING;
import static dev.proteus.tck.Sample.INTEGERS;
import static dev.proteus.tck.Sample.NUMBERS;
import static dev.proteus.tck.Sample.s;
import static dev.proteus.tck.Trait.COMBINED;
import static dev.proteus.tck.Trait.MAY_ALIAS;
import static dev.proteus.tck.Trait.NOT_DIFFERENTIABLE;
import static dev.proteus.tck.Trait.OWN_TYPE;
import static dev.proteus.tck.Trait.PROMOTES;
import static dev.proteus.tck.Trait.ROUNDS;
import static dev.proteus.tck.Trait.SPECIAL_VALUES;

import dev.proteus.error.ShapeException;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/// Samples of operators of one element of each operand.
final class PointwiseSamples {
  private static final Set<DType> WHOLE = union(INTEGERS, Set.of(DType.BOOL));

  static final List<Sample> ARITHMETIC =
      List.of(
          binary("add", Tensor::add, ANY).inPlace(Tensor::add_),
          binary("add alpha", (a, b) -> a.add(b, 2L), ANY)
              .types(NUMBERS)
              .inPlace((a, b) -> a.add_(b, 2L)),
          binary("add real alpha", (a, b) -> a.add(b, 0.5), ANY)
              .types(FLOATING)
              .inPlace((a, b) -> a.add_(b, 0.5)),
          binary("sub", Tensor::sub, ANY).types(NUMBERS).inPlace(Tensor::sub_),
          binary("mul", Tensor::mul, ANY).inPlace(Tensor::mul_),
          binary("div", Tensor::div, NONZERO).inPlace(Tensor::div_),
          division("floorDivide", Tensor::floorDivide).inPlace(Tensor::floorDivide_),
          division("truncDivide", Tensor::truncDivide),
          division("remainder", Tensor::remainder).inPlace(Tensor::remainder_),
          division("fmod", Tensor::fmod).inPlace(Tensor::fmod_),
          binary("pow", Tensor::pow, POSITIVE).inPlace(Tensor::pow_).types(NUMBERS),
          binary("maximum", Tensor::maximum, ANY).inPlace(Tensor::maximum_),
          binary("minimum", Tensor::minimum, ANY).inPlace(Tensor::minimum_),
          binary("fmax", Tensor::fmax, ANY),
          binary("fmin", Tensor::fmin, ANY),
          binary("atan2", Tensor::atan2, NONZERO).inPlace(Tensor::atan2_),
          binary("hypot", Tensor::hypot, NONZERO),
          binary("copysign", Tensor::copysign, NONZERO),
          binary("xlogy", Tensor::xlogy, POSITIVE),
          binary("xlog1py", Tensor::xlog1py, POSITIVE),
          binary("logaddexp", Tensor::logaddexp, ANY),
          binary("logaddexp2", Tensor::logaddexp2, ANY),
          binary("ldexp", Tensor::ldexp, ANY),
          binary("heaviside", Tensor::heaviside, NONZERO),
          Sample.of("prelu", (x, slope) -> x.prelu(slope), x(NONZERO, 2, 3, 4), x(3))
              .also(s(5), s(1))
              .also(s(), s())
              .types(ALL)
              .within(Tolerance.POINTWISE)
              .rejects(ShapeException.class, s(2, 3), s(2))
              .rejects(ShapeException.class, s(2, 3), s(1, 3)),
          ternary("lerp", (a, b, c) -> a.lerp(b, c), UNIT),
          binary("lerp number", (a, b) -> a.lerp(b, 0.25), ANY)
              .types(FLOATING)
              .with(COMBINED)
              .inPlace((a, b) -> a.lerp_(b, 0.25)),
          ternary("addcmul", (a, b, c) -> a.addcmul(b, c), ANY).types(NUMBERS),
          ternary("addcmul factor", (a, b, c) -> a.addcmul(b, c, 0.5), ANY)
              .types(FLOATING)
              .with(COMBINED)
              .inPlaceOf(in -> List.of(in.get(0).addcmul_(in.get(1), in.get(2), 0.5))),
          ternary("addcdiv", (a, b, c) -> a.addcdiv(b, c), NONZERO),
          ternary("addcdiv factor", (a, b, c) -> a.addcdiv(b, c, 0.5), NONZERO)
              .types(FLOATING)
              .with(COMBINED)
              .inPlaceOf(in -> List.of(in.get(0).addcdiv_(in.get(1), in.get(2), 0.5))));

  static final List<Sample> WITH_NUMBERS =
      List.of(
          unary("add number", x -> x.add(1.5), ANY),
          unary("add whole number", x -> x.add(3L), ANY),
          unary("rsub", x -> x.rsub(2.5), ANY).types(NUMBERS),
          unary("mul number", x -> x.mul(1.5), ANY),
          unary("div number", x -> x.div(3L), ANY),
          unary("rdiv", x -> x.rdiv(3.0), NONZERO),
          unary("pow 2", x -> x.pow(2L), ANY),
          unary("pow 3", x -> x.pow(3L), ANY),
          unary("pow -1", x -> x.pow(-1.0), POSITIVE),
          unary("pow 2.5", x -> x.pow(2.5), POSITIVE),
          unary("rpow", x -> x.rpow(2.5), ANY),
          unary("floorDivide number", x -> x.floorDivide(2L), ANY.awayFrom(-2, 0, 2)),
          unary("remainder number", x -> x.remainder(3L), between(0.5, 2.5)),
          unary("lt number", x -> x.lt(1L), ANY).with(NOT_DIFFERENTIABLE));

  static final List<Sample> COMPARISONS =
      List.of(
          test("eq", Tensor::eq),
          test("ne", Tensor::ne),
          test("lt", Tensor::lt),
          test("le", Tensor::le),
          test("gt", Tensor::gt),
          test("ge", Tensor::ge),
          test("isclose", Tensor::isclose).without(PROMOTES),
          test("logicalAnd", Tensor::logicalAnd),
          test("logicalOr", Tensor::logicalOr),
          test("logicalXor", Tensor::logicalXor),
          test("bitwiseAnd", Tensor::bitwiseAnd).types(WHOLE),
          test("bitwiseOr", Tensor::bitwiseOr).types(WHOLE),
          test("bitwiseXor", Tensor::bitwiseXor).types(WHOLE),
          test("bitwiseLeftShift", Tensor::bitwiseLeftShift)
              .types(INTEGERS)
              .without(SPECIAL_VALUES),
          test("bitwiseRightShift", Tensor::bitwiseRightShift)
              .types(INTEGERS)
              .without(SPECIAL_VALUES),
          step("logicalNot", Tensor::logicalNot).inPlace(Tensor::logicalNot_),
          step("bitwiseNot", Tensor::bitwiseNot).types(WHOLE).inPlace(Tensor::bitwiseNot_),
          step("isnan", Tensor::isnan),
          step("isinf", Tensor::isinf),
          step("isposinf", Tensor::isposinf),
          step("isneginf", Tensor::isneginf),
          step("isfinite", Tensor::isfinite),
          step("signbit", Tensor::signbit));

  static final List<Sample> CHOICES =
      List.of(
          Sample.of("where", (c, a, b) -> a.where(c, b), mask(3, 4), x(3, 4), x(4))
              .also(s(), s(), s())
              .also(s(3, 1), s(0), s(3, 0))
              .types(ALL)
              .within(Tolerance.POINTWISE)
              .with(SPECIAL_VALUES, PROMOTES),
          Sample.of("maskedFill", (a, m) -> a.maskedFill(m, 2.0), x(3, 4), mask(4))
              .types(ALL)
              .inPlace((a, m) -> a.maskedFill_(m, 2))
              .within(Tolerance.POINTWISE),
          Sample.of("maskedFill value", (a, m, v) -> a.maskedFill(m, v), x(3, 4), mask(3, 4), x())
              .inPlaceOf(in -> List.of(in.get(0).maskedFill_(in.get(1), in.get(2))))
              .types(ALL)
              .within(Tolerance.POINTWISE),
          Sample.of(
                  "clamp",
                  (a, b, c) -> a.clamp(b, c),
                  x(3, 4),
                  x(between(-2, -0.5), 3, 4),
                  x(between(0.5, 2), 4))
              .types(NUMBERS)
              .within(Tolerance.POINTWISE)
              .with(SPECIAL_VALUES, PROMOTES),
          unary("clamp numbers", x -> x.clamp(-1.0, 2.0), ANY.awayFrom(-1, 2))
              .inPlace(x -> x.clamp_(-1, 2)),
          binary("clampMin", Tensor::clampMin, ANY).types(NUMBERS),
          unary("clampMin number", x -> x.clampMin(-1.0), ANY.awayFrom(-1))
              .types(FLOATING)
              .with(COMBINED)
              .inPlace(x -> x.clampMin_(-1)),
          unary("clampMax number", x -> x.clampMax(1.0), ANY.awayFrom(1))
              .types(FLOATING)
              .with(COMBINED)
              .inPlace(x -> x.clampMax_(1)),
          binary("clampMax", Tensor::clampMax, ANY).types(NUMBERS),
          unary("threshold", x -> x.threshold(0.5, 7), ANY.awayFrom(0.5)).with(OWN_TYPE),
          unary("nanToNum", x -> x.nanToNum(), ANY).with(OWN_TYPE),
          unary("nanToNum numbers", x -> x.nanToNum(1, 2, 3), ANY).with(OWN_TYPE),
          triangle("tril", x -> x.tril(0)),
          triangle("triu", x -> x.triu(1)));

  static final List<Sample> ROUNDING =
      List.of(
          unary("neg", Tensor::neg, ANY).types(NUMBERS).inPlace(Tensor::neg_),
          unary("abs", Tensor::abs, NONZERO).types(NUMBERS).inPlace(Tensor::abs_),
          flat("sign", Tensor::sign).types(ALL).inPlace(Tensor::sign_),
          flat("floor", Tensor::floor).inPlace(Tensor::floor_),
          flat("ceil", Tensor::ceil).inPlace(Tensor::ceil_),
          flat("trunc", Tensor::trunc).inPlace(Tensor::trunc_),
          flat("round", Tensor::round).inPlace(Tensor::round_),
          flat("round to a decimal", x -> x.round(0)).types(FLOATING).with(COMBINED),
          unary("frac", Tensor::frac, ANY.awayFrom(-2, -1, 0, 1, 2)).inPlace(Tensor::frac_),
          unary("square", Tensor::square, ANY).types(NUMBERS).inPlace(Tensor::square_),
          unary("reciprocal", Tensor::reciprocal, NONZERO).inPlace(Tensor::reciprocal_),
          unary("sqrt", Tensor::sqrt, POSITIVE).inPlace(Tensor::sqrt_),
          unary("rsqrt", Tensor::rsqrt, POSITIVE).inPlace(Tensor::rsqrt_));

  static final List<Sample> FUNCTIONS =
      List.of(
          unary("exp", Tensor::exp, ANY).inPlace(Tensor::exp_),
          unary("exp2", Tensor::exp2, ANY).inPlace(Tensor::exp2_),
          unary("expm1", Tensor::expm1, ANY).inPlace(Tensor::expm1_),
          unary("log", Tensor::log, POSITIVE).inPlace(Tensor::log_),
          unary("log2", Tensor::log2, POSITIVE).inPlace(Tensor::log2_),
          unary("log10", Tensor::log10, POSITIVE).inPlace(Tensor::log10_),
          unary("log1p", Tensor::log1p, POSITIVE).inPlace(Tensor::log1p_),
          unary("sin", Tensor::sin, ANY).inPlace(Tensor::sin_),
          unary("cos", Tensor::cos, ANY).inPlace(Tensor::cos_),
          unary("tan", Tensor::tan, between(-1.2, 1.2)).inPlace(Tensor::tan_),
          unary("sinc", Tensor::sinc, UNIT),
          unary("asin", Tensor::asin, UNIT).inPlace(Tensor::asin_),
          unary("acos", Tensor::acos, UNIT).inPlace(Tensor::acos_),
          unary("atan", Tensor::atan, ANY).inPlace(Tensor::atan_),
          unary("deg2rad", Tensor::deg2rad, ANY),
          unary("rad2deg", Tensor::rad2deg, ANY),
          unary("sinh", Tensor::sinh, ANY).inPlace(Tensor::sinh_),
          unary("cosh", Tensor::cosh, ANY).inPlace(Tensor::cosh_),
          unary("tanh", Tensor::tanh, ANY).inPlace(Tensor::tanh_),
          unary("asinh", Tensor::asinh, ANY),
          unary("acosh", Tensor::acosh, between(1.2, 4)),
          unary("atanh", Tensor::atanh, between(-0.8, 0.8)),
          unary("erf", Tensor::erf, ANY).inPlace(Tensor::erf_),
          unary("erfc", Tensor::erfc, ANY).inPlace(Tensor::erfc_),
          unary("erfinv", Tensor::erfinv, between(-0.9, 0.9)).inPlace(Tensor::erfinv_),
          unary("lgamma", Tensor::lgamma, POSITIVE).inPlace(Tensor::lgamma_),
          unary("digamma", Tensor::digamma, POSITIVE).inPlace(Tensor::digamma_),
          unary("sigmoid", Tensor::sigmoid, ANY).inPlace(Tensor::sigmoid_),
          unary("logit", Tensor::logit, UNIT),
          unary("logSigmoid", Tensor::logSigmoid, ANY));

  static final List<Sample> ACTIVATIONS =
      List.of(
          unary("relu", Tensor::relu, NONZERO).types(NUMBERS).inPlace(Tensor::relu_),
          unary("relu6", Tensor::relu6, NONZERO).types(NUMBERS),
          unary("leakyRelu", x -> x.leakyRelu(0.1), NONZERO),
          unary("elu", x -> x.elu(1.5), NONZERO),
          unary("celu", x -> x.celu(1.5), NONZERO),
          unary("selu", Tensor::selu, NONZERO),
          unary("gelu", Tensor::gelu, ANY).within(Tolerance.FOLDED),
          unary("geluTanh", Tensor::geluTanh, ANY).within(Tolerance.FOLDED),
          unary("silu", Tensor::silu, ANY),
          unary("mish", Tensor::mish, ANY),
          unary("softplus", x -> x.softplus(), ANY),
          unary("softplus beta", x -> x.softplus(2, 4), ANY.awayFrom(2)),
          unary("softsign", Tensor::softsign, NONZERO),
          unary("softshrink", x -> x.softshrink(0.5), ANY.awayFrom(-0.5, 0.5)),
          unary("hardshrink", x -> x.hardshrink(0.5), ANY.awayFrom(-0.5, 0.5)),
          unary("tanhshrink", Tensor::tanhshrink, ANY),
          unary("hardtanh", x -> x.hardtanh(-1, 2), ANY.awayFrom(-1, 2)).with(OWN_TYPE),
          unary("hardsigmoid", Tensor::hardsigmoid, between(-4, 4).awayFrom(-3, 3)),
          unary("hardswish", Tensor::hardswish, between(-4, 4).awayFrom(-3, 3)));

  static final List<Sample> CASTS =
      Sample.ALL.stream()
          .map(to ->
              Sample.of("to " + to, x -> x.to(to), x(3, 4))
                  .types(ALL)
                  .within(Tolerance.POINTWISE)
                  .with(MAY_ALIAS, OWN_TYPE, ROUNDS))
          .map(s -> s.name().contains("float") ? s : s.with(NOT_DIFFERENTIABLE))
          .toList();

  private PointwiseSamples() {}

  private static Sample unary(String name, UnaryOperator<Tensor> call, Domain domain) {
    return Sample.of(name, call, x(domain, 3, 4))
        .also(s())
        .also(s(2, 0, 3))
        .also(s(37, 33))
        .types(ALL)
        .within(Tolerance.POINTWISE)
        .with(SPECIAL_VALUES);
  }

  /// A function with a flat graph.
  private static Sample flat(String name, UnaryOperator<Tensor> call) {
    return unary(name, call, ANY.awayFrom(-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2)).types(NUMBERS);
  }

  /// A function without a gradient.
  private static Sample step(String name, UnaryOperator<Tensor> call) {
    return unary(name, call, ANY).with(NOT_DIFFERENTIABLE);
  }

  /// A part of matrices.
  private static Sample triangle(String name, UnaryOperator<Tensor> call) {
    return Sample.of(name, call, x(3, 4))
        .also(s(2, 4, 3))
        .also(s(0, 3))
        .types(ALL)
        .within(Tolerance.POINTWISE)
        .rejects(ShapeException.class, s(3))
        .rejects(ShapeException.class, s());
  }

  private static Sample binary(String name, BinaryOperator<Tensor> call, Domain domain) {
    return Sample.of(name, call, x(domain, 3, 4), x(domain, 3, 4))
        .also(s(), s())
        .also(s(3, 4), s(4))
        .also(s(3, 1), s(2, 1, 4))
        .also(s(), s(3, 4))
        .also(s(0, 4), s(1, 4))
        .also(s(37, 33), s(37, 33))
        .types(ALL)
        .within(Tolerance.POINTWISE)
        .with(SPECIAL_VALUES, PROMOTES)
        .rejects(ShapeException.class, s(3, 4), s(3));
  }

  /// A function of two operands without a gradient.
  private static Sample test(String name, BinaryOperator<Tensor> call) {
    return binary(name, call, integers(0, 4)).with(NOT_DIFFERENTIABLE);
  }

  /// A division that integers refuse by zero.
  private static Sample division(String name, BinaryOperator<Tensor> call) {
    return binary(name, call, NONZERO).types(NUMBERS).without(SPECIAL_VALUES);
  }

  private static Sample ternary(String name, Sample.TernaryOperator call, Domain domain) {
    return Sample.of(name, call, x(domain, 3, 4), x(domain, 3, 4), x(domain, 4))
        .also(s(), s(), s())
        .also(s(0), s(1), s(3, 1))
        .types(ALL)
        .within(Tolerance.POINTWISE)
        .with(SPECIAL_VALUES, PROMOTES)
        .rejects(ShapeException.class, s(3), s(4), s(3));
  }

  private static Set<DType> union(Set<DType> a, Set<DType> b) {
    return java.util.stream.Stream.concat(a.stream(), b.stream())
        .collect(java.util.stream.Collectors.toUnmodifiableSet());
  }
}

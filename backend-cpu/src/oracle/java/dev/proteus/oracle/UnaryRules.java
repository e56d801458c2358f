package dev.proteus.oracle;

import static dev.proteus.oracle.Draft.ALL;
import static dev.proteus.oracle.Draft.NUMBERS;
import static dev.proteus.oracle.Rule.Trait.SIGNED_ZEROS;
import static dev.proteus.oracle.Rule.rule;
import static dev.proteus.oracle.Tolerance.CURVED;
import static dev.proteus.oracle.Tolerance.EXACT;
import static dev.proteus.oracle.Tolerance.FUNCTION;
import static dev.proteus.oracle.Tolerance.ROUNDED;
import static dev.proteus.oracle.Where.gradients;
import static dev.proteus.oracle.Where.has;
import static dev.proteus.oracle.Where.nan;
import static dev.proteus.oracle.Where.type;

import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Functions of one element.
final class UnaryRules {
  private static final Draw ANY = d -> d.types(Draft.ALL).any().x();
  private static final Draw POSITIVE = d -> d.types(Draft.ALL).within(0.1, 4).x();
  private static final Draw UNIT = d -> d.types(Draft.ALL).within(-0.9, 0.9).x();

  private static final List<Rule> ROUNDING =
      List.of(
          unary("neg", "neg", Tensor::neg, ANY)
              .inPlace(g -> g.x().neg_())
              .within(EXACT)
              .with(SIGNED_ZEROS),
          unary("abs", "abs", Tensor::abs, ANY)
              .inPlace(g -> g.x().abs_())
              .within(EXACT)
              .with(SIGNED_ZEROS),
          unary("sign", "sign", Tensor::sign, ANY)
              .inPlace(g -> g.x().sign_())
              .within(EXACT)
              .differs("DT-25", "NaN has no sign but NaN; PyTorch says 0 or -1", nan()),
          unary("floor", "floor", Tensor::floor, ANY)
              .inPlace(g -> g.x().floor_())
              .within(EXACT)
              .with(SIGNED_ZEROS),
          unary("ceil", "ceil", Tensor::ceil, ANY)
              .inPlace(g -> g.x().ceil_())
              .within(EXACT)
              .with(SIGNED_ZEROS),
          unary("trunc", "trunc", Tensor::trunc, ANY)
              .inPlace(g -> g.x().trunc_())
              .within(EXACT)
              .with(SIGNED_ZEROS),
          unary("round", "round", Tensor::round, ANY)
              .inPlace(g -> g.x().round_())
              .within(EXACT)
              .with(SIGNED_ZEROS),
          unary("frac", "frac", Tensor::frac, ANY).inPlace(g -> g.x().frac_()).within(EXACT),
          unary("square", "square", Tensor::square, ANY)
              .inPlace(g -> g.x().square_())
              .within(ROUNDED)
              .differs(
                  "DT-10",
                  "a product of booleans is no number; PyTorch makes int64 of it",
                  type(DType.BOOL)),
          unary("reciprocal", "reciprocal", Tensor::reciprocal, ANY)
              .inPlace(g -> g.x().reciprocal_())
              .within(ROUNDED),
          unary("sqrt", "sqrt", Tensor::sqrt, POSITIVE)
              .inPlace(g -> g.x().sqrt_())
              .within(ROUNDED)
              .with(SIGNED_ZEROS),
          unary("rsqrt", "rsqrt", Tensor::rsqrt, POSITIVE)
              .inPlace(g -> g.x().rsqrt_())
              .within(ROUNDED));

  private static final List<Rule> FUNCTIONS =
      List.of(
          unary("exp", "exp", Tensor::exp, ANY).inPlace(g -> g.x().exp_()),
          unary("exp2", "exp2", Tensor::exp2, ANY).inPlace(g -> g.x().exp2_()),
          unary("expm1", "expm1", Tensor::expm1, ANY).inPlace(g -> g.x().expm1_()),
          unary("log", "log", Tensor::log, POSITIVE).inPlace(g -> g.x().log_()),
          unary("log2", "log2", Tensor::log2, POSITIVE).inPlace(g -> g.x().log2_()),
          unary("log10", "log10", Tensor::log10, POSITIVE).inPlace(g -> g.x().log10_()),
          unary("log1p", "log1p", Tensor::log1p, POSITIVE).inPlace(g -> g.x().log1p_()),
          unary("sin", "sin", Tensor::sin, ANY).inPlace(g -> g.x().sin_()),
          unary("cos", "cos", Tensor::cos, ANY).inPlace(g -> g.x().cos_()),
          unary("tan", "tan", Tensor::tan, UNIT).inPlace(g -> g.x().tan_()),
          unary("asin", "asin", Tensor::asin, UNIT).inPlace(g -> g.x().asin_()),
          unary("acos", "acos", Tensor::acos, UNIT).inPlace(g -> g.x().acos_()),
          unary("atan", "atan", Tensor::atan, ANY).inPlace(g -> g.x().atan_()),
          unary("sinh", "sinh", Tensor::sinh, ANY).inPlace(g -> g.x().sinh_()),
          unary("cosh", "cosh", Tensor::cosh, ANY).inPlace(g -> g.x().cosh_()),
          unary("tanh", "tanh", Tensor::tanh, ANY).inPlace(g -> g.x().tanh_()),
          unary("asinh", "asinh", Tensor::asinh, ANY),
          unary("acosh", "acosh", Tensor::acosh, d -> d.types(ALL).within(1.1, 5).x()),
          unary("atanh", "atanh", Tensor::atanh, UNIT),
          unary("deg2rad", "deg2rad", Tensor::deg2rad, ANY),
          unary("rad2deg", "rad2deg", Tensor::rad2deg, ANY),
          unary("erf", "erf", Tensor::erf, ANY).inPlace(g -> g.x().erf_()).within(CURVED),
          unary("erfc", "erfc", Tensor::erfc, ANY).inPlace(g -> g.x().erfc_()),
          unary("erfinv", "erfinv", Tensor::erfinv, UNIT)
              .inPlace(g -> g.x().erfinv_())
              .within(CURVED),
          unary("lgamma", "lgamma", Tensor::lgamma, POSITIVE)
              .inPlace(g -> g.x().lgamma_())
              .within(CURVED)
              .differs(
                  "-",
                  "the trigamma function of PyTorch has nine digits",
                  gradients().and(type(DType.FLOAT64))),
          unary("digamma", "digamma", Tensor::digamma, POSITIVE)
              .inPlace(g -> g.x().digamma_())
              .within(CURVED)
              .differs(
                  "-",
                  "the trigamma function of PyTorch has nine digits",
                  gradients().and(type(DType.FLOAT64))),
          unary("sigmoid", "sigmoid", Tensor::sigmoid, ANY).inPlace(g -> g.x().sigmoid_()),
          unary("logit", "logit", Tensor::logit, d -> d.types(ALL).within(0.05, 0.95).x())
              .within(CURVED));

  private static final List<Rule> TESTS =
      List.of(
          unary("isnan", "isnan", Tensor::isnan, ANY),
          unary("isinf", "isinf", Tensor::isinf, ANY),
          unary("isfinite", "isfinite", Tensor::isfinite, ANY),
          unary("signbit", "signbit", Tensor::signbit, ANY),
          unary("logicalNot", "logical_not", Tensor::logicalNot, ANY)
              .inPlace(g -> g.x().logicalNot_()),
          unary("bitwiseNot", "bitwise_not", Tensor::bitwiseNot, ANY)
              .inPlace(g -> g.x().bitwiseNot_()),
          unary("nanToNum", "nan_to_num", Tensor::nanToNum, ANY).within(EXACT));

  private static final List<Rule> ACTIVATIONS =
      List.of(
          unary("relu", "relu", Tensor::relu, ANY).inPlace(g -> g.x().relu_()).within(EXACT),
          unary("relu6", "relu6", Tensor::relu6, ANY).within(EXACT),
          unary("selu", "selu", Tensor::selu, ANY),
          unary("silu", "silu", Tensor::silu, ANY).within(CURVED),
          unary("mish", "mish", Tensor::mish, ANY).within(CURVED),
          unary(
                  "softsign",
                  "div.Tensor(x,add.Scalar(abs(x),1))",
                  Tensor::softsign,
                  d -> d.types(ALL).fills(Fill.NORMAL).x())
              .within(ROUNDED),
          unary(
                  "tanhshrink",
                  "sub.Tensor(x,tanh(x))",
                  Tensor::tanhshrink,
                  d -> d.types(NUMBERS).any().x())
              .within(CURVED),
          unary("hardsigmoid", "hardsigmoid", Tensor::hardsigmoid, ANY)
              .within(CURVED)
              .differs(
                  "-",
                  "a sixth in float64; PyTorch has it in float32",
                  gradients().and(type(DType.FLOAT64))),
          unary(
              "hardswish",
              "hardswish",
              Tensor::hardswish,
              d -> d.types(ALL).fills(Fill.NORMAL, Fill.TIES, Fill.away(2, 4)).x()),
          unary("logSigmoid", "log_sigmoid", Tensor::logSigmoid, ANY),
          unary("gelu", "gelu(x,'none')", Tensor::gelu, ANY)
              .within(CURVED)
              .differs(
                  "-",
                  "infinity stays; PyTorch makes NaN of it in float32",
                  has(Double::isInfinite)),
          unary("geluTanh", "gelu(x,'tanh')", Tensor::geluTanh, ANY).within(CURVED),
          rule(
                  "leakyRelu",
                  "leaky_relu",
                  g -> g.x().leakyRelu(g.real("slope")),
                  ANY.then(d -> d.real("slope", 0.01, 0.5)))
              .within(ROUNDED),
          rule(
                  "elu",
                  "elu",
                  g -> g.x().elu(g.real("alpha")),
                  ANY.then(d -> d.real("alpha", 0.5, 2)))
              .within(FUNCTION),
          rule(
                  "celu",
                  "celu",
                  g -> g.x().celu(g.real("alpha")),
                  ANY.then(d -> d.real("alpha", 0.5, 2)))
              .within(FUNCTION)
              .differs(
                  "-",
                  "1/alpha in float64; PyTorch has it in float32",
                  gradients().and(type(DType.FLOAT64))),
          rule(
                  "softplus",
                  "softplus",
                  g -> g.x().softplus(g.real("beta"), g.real("threshold")),
                  ANY.then(d -> d.real("beta", 0.5, 2).real("threshold", 1, 20)))
              .within(FUNCTION),
          rule(
                  "softshrink",
                  "softshrink",
                  g -> g.x().softshrink(g.real("lambda")),
                  ANY.then(d -> d.real("lambda", 0.0, 0.5, 1.0)))
              .within(ROUNDED),
          rule(
                  "hardshrink",
                  "hardshrink",
                  g -> g.x().hardshrink(g.real("lambda")),
                  ANY.then(d -> d.real("lambda", 0.0, 0.5, 1.0)))
              .within(EXACT),
          rule(
                  "threshold",
                  "threshold",
                  g -> g.x().threshold(g.real("threshold"), g.real("value")),
                  ANY.then(d -> d.real("threshold", 0.0, 0.5, 1.0).real("value", 7.0, 2.0)))
              .within(EXACT),
          rule(
                  "hardtanh",
                  "hardtanh",
                  g -> g.x().hardtanh(g.real("min"), g.real("max")),
                  ANY.then(d -> d.real("min", -1.0, -2.0, 0.0).real("max", 1.0, 2.0)))
              .within(EXACT)
              .differs(
                  "-",
                  "bounds are numbers; PyTorch refuses negative ones of uint8",
                  type(DType.UINT8)));

  static final List<Rule> ALL_RULES =
      Stream.of(ROUNDING, FUNCTIONS, TESTS, ACTIVATIONS).flatMap(List::stream).toList();

  private UnaryRules() {}

  private static Rule unary(String name, String torch, UnaryOperator<Tensor> proteus, Draw draw) {
    return rule(name, torch, g -> proteus.apply(g.x()), draw).within(FUNCTION);
  }
}

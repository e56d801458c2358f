package dev.proteus.oracle;

import static dev.proteus.oracle.Draft.ALL;
import static dev.proteus.oracle.Rule.Trait.ONCE_DIFFERENTIABLE;
import static dev.proteus.oracle.Rule.Trait.SIGNED_ZEROS;
import static dev.proteus.oracle.Rule.rule;
import static dev.proteus.oracle.Tolerance.CURVED;
import static dev.proteus.oracle.Tolerance.EXACT;
import static dev.proteus.oracle.Tolerance.FUNCTION;
import static dev.proteus.oracle.Tolerance.ROUNDED;
import static dev.proteus.oracle.Where.gradients;
import static dev.proteus.oracle.Where.halves;
import static dev.proteus.oracle.Where.has;
import static dev.proteus.oracle.Where.nan;
import static dev.proteus.oracle.Where.zero;

import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

/// Functions of two elements, of operands that are broadcast together and of mixed types.
final class BinaryRules {
  private static final Draw ANY = d -> d.types(ALL).any().x().mixed().like("y");

  /// A divisor that is not 0, nor -1 for the least integer.
  private static final Draw DIVISOR =
      d -> d.types(ALL).summable().x().mixed().fills(Fill.away(2, 5)).like("y");

  private static final Draw POWER =
      d ->
          d.types(ALL).fills(Fill.between(0.1, 4)).x().mixed().fills(Fill.between(-1, 3)).like("y");

  private static final List<Rule> ARITHMETIC =
      List.of(
          binary("add", "add.Tensor", Tensor::add, ANY)
              .inPlace(g -> g.x().add_(g.y()))
              .with(SIGNED_ZEROS),
          binary("sub", "sub.Tensor", Tensor::sub, ANY)
              .inPlace(g -> g.x().sub_(g.y()))
              .with(SIGNED_ZEROS),
          binary("mul", "mul.Tensor", Tensor::mul, ANY)
              .inPlace(g -> g.x().mul_(g.y()))
              .differs(
                  "DT-24",
                  "a number beyond a half is infinite in it; PyTorch keeps 0-dim ones in float32",
                  halves().and(has(value -> Math.abs(value) > 65504)))
              .with(SIGNED_ZEROS),
          binary("div", "div.Tensor", Tensor::div, ANY)
              .inPlace(g -> g.x().div_(g.y()))
              .differs(
                  "DT-24",
                  "a number beyond a half is infinite in it; PyTorch keeps 0-dim ones in float32",
                  halves().and(has(value -> Math.abs(value) > 65504)))
              .with(SIGNED_ZEROS),
          binary("floorDivide", "floor_divide", Tensor::floorDivide, DIVISOR)
              .inPlace("floor_divide_.Tensor", g -> g.x().floorDivide_(g.y())),
          binary("truncDivide", "div.Tensor_mode(x,y,'trunc')", Tensor::truncDivide, DIVISOR)
              .differs(
                  "DT-24",
                  "halves are rounded once; PyTorch rounds the quotient before it is cut",
                  halves()),
          binary("remainder", "remainder.Tensor", Tensor::remainder, DIVISOR)
              .inPlace(g -> g.x().remainder_(g.y())),
          binary("fmod", "fmod.Tensor", Tensor::fmod, DIVISOR).inPlace(g -> g.x().fmod_(g.y())),
          binary("pow", "pow.Tensor_Tensor", Tensor::pow, POWER)
              .inPlace("pow_.Tensor", g -> g.x().pow_(g.y()))
              .within(FUNCTION),
          binary("maximum", "maximum", Tensor::maximum, ANY).within(EXACT),
          binary("minimum", "minimum", Tensor::minimum, ANY).within(EXACT),
          binary("fmax", "fmax", Tensor::fmax, ANY).within(EXACT),
          binary("fmin", "fmin", Tensor::fmin, ANY).within(EXACT),
          binary("atan2", "atan2", Tensor::atan2, ANY)
              .inPlace(g -> g.x().atan2_(g.y()))
              .within(FUNCTION),
          binary("hypot", "hypot", Tensor::hypot, ANY)
              .within(FUNCTION)
              .differs(
                  "7.5",
                  "the derivative of a length at 0 is 0; PyTorch says NaN",
                  gradients().and(zero()))
              .differs("DT-25", "NaN passes through; PyTorch prefers an infinity", nan()),
          binary("copysign", "copysign.Tensor", Tensor::copysign, ANY)
              .within(EXACT)
              .with(ONCE_DIFFERENTIABLE),
          binary("xlogy", "xlogy.Tensor", Tensor::xlogy, ANY)
              .within(FUNCTION)
              .differs(
                  "7.5",
                  "0 · log 0 is 0, and so is its derivative; PyTorch says NaN",
                  gradients().and(zero())),
          binary("logaddexp", "logaddexp", Tensor::logaddexp, ANY).within(CURVED));

  private static final List<Rule> TESTS =
      List.of(
          binary("eq", "eq.Tensor", Tensor::eq, ANY),
          binary("ne", "ne.Tensor", Tensor::ne, ANY),
          binary("lt", "lt.Tensor", Tensor::lt, ANY),
          binary("le", "le.Tensor", Tensor::le, ANY),
          binary("gt", "gt.Tensor", Tensor::gt, ANY),
          binary("ge", "ge.Tensor", Tensor::ge, ANY),
          binary("isclose", "isclose", Tensor::isclose, ANY),
          binary("logicalAnd", "logical_and", Tensor::logicalAnd, ANY),
          binary("logicalOr", "logical_or", Tensor::logicalOr, ANY),
          binary("logicalXor", "logical_xor", Tensor::logicalXor, ANY),
          binary("bitwiseAnd", "bitwise_and.Tensor", Tensor::bitwiseAnd, ANY),
          binary("bitwiseOr", "bitwise_or.Tensor", Tensor::bitwiseOr, ANY),
          binary("bitwiseXor", "bitwise_xor.Tensor", Tensor::bitwiseXor, ANY));

  static final List<Rule> ALL_RULES = Stream.of(ARITHMETIC, TESTS).flatMap(List::stream).toList();

  private BinaryRules() {}

  private static Rule binary(String name, String torch, BinaryOperator<Tensor> proteus, Draw draw) {
    return rule(name, torch, g -> proteus.apply(g.x(), g.y()), draw).within(ROUNDED);
  }
}

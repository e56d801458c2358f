package dev.proteus.oracle;

import static dev.proteus.oracle.Draft.ALL;
import static dev.proteus.oracle.Draft.FLOATING;
import static dev.proteus.oracle.Draft.INTEGERS;
import static dev.proteus.oracle.Draft.NUMBERS;
import static dev.proteus.oracle.Rule.rule;
import static dev.proteus.oracle.Tolerance.CURVED;
import static dev.proteus.oracle.Tolerance.EXACT;
import static dev.proteus.oracle.Tolerance.FUNCTION;
import static dev.proteus.oracle.Tolerance.ROUNDED;
import static dev.proteus.oracle.Where.gradients;
import static dev.proteus.oracle.Where.type;

import dev.proteus.type.DType;
import java.util.List;
import java.util.stream.Stream;

/// Functions of an element and numbers of the host, integer or real: promotion must agree.
final class NumberRules {
  private static final Draw WHOLE = d -> d.types(ALL).any().x().whole("n", -3, 3);
  private static final Draw REAL = d -> d.types(ALL).any().x().real("n", -2.5, 1.5, 0.25);
  private static final Draw DIVISOR = d -> d.types(NUMBERS).fills(Fill.NORMAL).x().whole("n", 2, 5);
  private static final Draw REAL_DIVISOR =
      d -> d.types(NUMBERS).fills(Fill.NORMAL).x().real("n", 2.5, -1.5, 0.75);
  private static final Draw BASE = d -> d.types(NUMBERS).fills(Fill.between(0.3, 3)).x();
  private static final Draw EXPONENT = BASE.then(d -> d.whole("n", 0, 4));
  private static final Draw REAL_EXPONENT = BASE.then(d -> d.real("n", -1.0, 0.5, 2.5));

  private static final List<Rule> WITH_WHOLE =
      List.of(
          rule("add.whole", "add.Scalar", g -> g.x().add(g.whole("n")), WHOLE)
              .inPlace("add_.Scalar", g -> g.x().add_(g.whole("n"))),
          rule("sub.whole", "sub.Scalar", g -> g.x().sub(g.whole("n")), WHOLE)
              .inPlace("sub_.Scalar", g -> g.x().sub_(g.whole("n"))),
          rule("rsub.whole", "rsub.Scalar", g -> g.x().rsub(g.whole("n")), WHOLE),
          rule("mul.whole", "mul.Scalar", g -> g.x().mul(g.whole("n")), WHOLE)
              .inPlace("mul_.Scalar", g -> g.x().mul_(g.whole("n"))),
          rule("div.whole", "div.Scalar", g -> g.x().div(g.whole("n")), WHOLE)
              .inPlace("div_.Scalar", g -> g.x().div_(g.whole("n"))),
          rule("rdiv.whole", "mul.Scalar(reciprocal(x),n)", g -> g.x().rdiv(g.whole("n")), DIVISOR),
          rule(
                  "floorDivide.whole",
                  "floor_divide.Scalar",
                  g -> g.x().floorDivide(g.whole("n")),
                  DIVISOR)
              .inPlace("floor_divide_.Scalar", g -> g.x().floorDivide_(g.whole("n"))),
          rule(
              "truncDivide.whole",
              "div.Scalar_mode(x,n,'trunc')",
              g -> g.x().truncDivide(g.whole("n")),
              DIVISOR),
          rule("remainder.whole", "remainder.Scalar", g -> g.x().remainder(g.whole("n")), DIVISOR)
              .inPlace("remainder_.Scalar", g -> g.x().remainder_(g.whole("n"))),
          rule("fmod.whole", "fmod.Scalar", g -> g.x().fmod(g.whole("n")), DIVISOR)
              .inPlace("fmod_.Scalar", g -> g.x().fmod_(g.whole("n"))),
          rule("pow.whole", "pow.Tensor_Scalar", g -> g.x().pow(g.whole("n")), EXPONENT)
              .inPlace("pow_.Scalar", g -> g.x().pow_(g.whole("n"))),
          rule(
              "rpow.whole",
              "pow.Scalar(n,x)",
              g -> g.x().rpow(g.whole("n")),
              BASE.then(d -> d.whole("n", 1, 4))),
          rule("eq.whole", "eq.Scalar", g -> g.x().eq(g.whole("n")), WHOLE),
          rule("ne.whole", "ne.Scalar", g -> g.x().ne(g.whole("n")), WHOLE),
          rule("lt.whole", "lt.Scalar", g -> g.x().lt(g.whole("n")), WHOLE),
          rule("le.whole", "le.Scalar", g -> g.x().le(g.whole("n")), WHOLE),
          rule("gt.whole", "gt.Scalar", g -> g.x().gt(g.whole("n")), WHOLE),
          rule("ge.whole", "ge.Scalar", g -> g.x().ge(g.whole("n")), WHOLE),
          rule(
              "bitwiseAnd.whole", "bitwise_and.Scalar", g -> g.x().bitwiseAnd(g.whole("n")), WHOLE),
          rule("bitwiseOr.whole", "bitwise_or.Scalar", g -> g.x().bitwiseOr(g.whole("n")), WHOLE),
          rule(
              "bitwiseXor.whole",
              "bitwise_xor.Scalar",
              g -> g.x().bitwiseXor(g.whole("n")),
              WHOLE));

  private static final List<Rule> WITH_REAL =
      List.of(
          rule("add.real", "add.Scalar", g -> g.x().add(g.real("n")), REAL)
              .inPlace("add_.Scalar", g -> g.x().add_(g.real("n"))),
          rule("sub.real", "sub.Scalar", g -> g.x().sub(g.real("n")), REAL)
              .inPlace("sub_.Scalar", g -> g.x().sub_(g.real("n"))),
          rule("rsub.real", "rsub.Scalar", g -> g.x().rsub(g.real("n")), REAL),
          rule("mul.real", "mul.Scalar", g -> g.x().mul(g.real("n")), REAL)
              .inPlace("mul_.Scalar", g -> g.x().mul_(g.real("n"))),
          rule("div.real", "div.Scalar", g -> g.x().div(g.real("n")), REAL)
              .inPlace("div_.Scalar", g -> g.x().div_(g.real("n"))),
          rule(
              "floorDivide.real",
              "floor_divide.Scalar",
              g -> g.x().floorDivide(g.real("n")),
              REAL_DIVISOR),
          rule(
              "remainder.real",
              "remainder.Scalar",
              g -> g.x().remainder(g.real("n")),
              REAL_DIVISOR),
          rule("fmod.real", "fmod.Scalar", g -> g.x().fmod(g.real("n")), REAL_DIVISOR),
          rule("pow.real", "pow.Tensor_Scalar", g -> g.x().pow(g.real("n")), REAL_EXPONENT)
              .within(FUNCTION),
          rule("rpow.real", "pow.Scalar(n,x)", g -> g.x().rpow(g.real("n")), REAL_EXPONENT)
              .within(FUNCTION),
          rule("eq.real", "eq.Scalar", g -> g.x().eq(g.real("n")), REAL),
          rule("lt.real", "lt.Scalar", g -> g.x().lt(g.real("n")), REAL),
          rule("ge.real", "ge.Scalar", g -> g.x().ge(g.real("n")), REAL));

  private static final Draw BOUNDS =
      d -> d.types(NUMBERS).any().x().whole("low", -3, 0).whole("high", 0, 3);
  private static final Draw REAL_BOUNDS =
      d -> d.types(NUMBERS).any().x().real("low", -1.5, 0.0).real("high", 0.5, 2.0);
  private static final Draw THREE =
      d -> d.types(NUMBERS).any().x().mixed().like("y").mixed().like("z");

  private static final Draw SUMMED =
      d -> d.types(NUMBERS).summable().x().mixed().like("y").mixed().like("z");

  private static final List<Rule> CHOICES =
      List.of(
          rule("clamp.whole", "clamp", g -> g.x().clamp(g.whole("low"), g.whole("high")), BOUNDS)
              .within(EXACT),
          rule("clamp.real", "clamp", g -> g.x().clamp(g.real("low"), g.real("high")), REAL_BOUNDS)
              .inPlace(g -> g.x().clamp_(g.real("low"), g.real("high")))
              .within(EXACT)
              .differs(
                  "DT-24",
                  "halves are compared with the bounds as given; PyTorch rounds those first",
                  gradients().and(Where.halves())),
          rule("clamp", "clamp.Tensor", g -> g.x().clamp(g.y(), g.t("z")), THREE)
              .within(EXACT)
              .differs(
                  "7.5",
                  "bounds that are equal, or in the wrong order, share no gradient",
                  gradients()),
          rule(
                  "clampMin",
                  "clamp_min.Tensor",
                  g -> g.x().clampMin(g.y()),
                  THREE.then(d -> d.only("x", "y")))
              .within(EXACT),
          rule(
                  "clampMax",
                  "clamp_max.Tensor",
                  g -> g.x().clampMax(g.y()),
                  THREE.then(d -> d.only("x", "y")))
              .within(EXACT),
          rule("clampMin.real", "clamp_min", g -> g.x().clampMin(g.real("n")), REAL).within(EXACT),
          rule("clampMax.whole", "clamp_max", g -> g.x().clampMax(g.whole("n")), WHOLE)
              .within(EXACT),
          rule(
                  "where",
                  "where.self(mask,x,y)",
                  g -> g.x().where(g.t("mask"), g.y()),
                  d -> d.types(ALL).any().x().mixed().like("y").likeMask("mask"))
              .within(EXACT),
          rule(
                  "where.real",
                  "where.ScalarOther(mask,x,n)",
                  g -> g.x().where(g.t("mask"), g.real("n")),
                  REAL.then(d -> d.likeMask("mask")))
              .within(EXACT),
          rule(
                  "maskedFill",
                  "masked_fill.Scalar(x,mask,n)",
                  g -> g.x().maskedFill(g.t("mask"), g.real("n")),
                  d -> d.types(FLOATING).any().x().real("n", -2.5, 1.5).likeMask("mask"))
              .inPlace(
                  "masked_fill_.Scalar(x,mask,n)", g -> g.x().maskedFill_(g.t("mask"), g.real("n")))
              .within(EXACT)
              .differs(
                  "BC-3",
                  "elements that share memory are not written; PyTorch only warns",
                  Where.writesExpanded()),
          rule(
                  "maskedFill.whole",
                  "masked_fill.Scalar(x,mask,n)",
                  g -> g.x().maskedFill(g.t("mask"), g.whole("n")),
                  d -> d.types(ALL).any().x().whole("n", 0, 3).likeMask("mask"))
              .within(EXACT),
          rule(
                  "lerp",
                  "lerp.Tensor",
                  g -> g.x().lerp(g.y(), g.t("z")),
                  d -> d.types(FLOATING).any().x().like("y").like("z"))
              .within(CURVED),
          rule(
                  "lerp.real",
                  "lerp.Scalar",
                  g -> g.x().lerp(g.y(), g.real("n")),
                  d -> d.types(FLOATING).any().x().like("y").real("n", 0, 1))
              .within(CURVED),
          rule(
                  "add.alpha",
                  "add.Tensor(x,y,n)",
                  g -> g.x().add(g.y(), g.whole("n")),
                  d -> d.types(ALL).any().x().mixed().like("y").whole("n", -2, 3))
              .within(CURVED)
              .differs(
                  "DT-9",
                  "a factor of booleans is no number; PyTorch takes integers",
                  type(DType.BOOL)),
          rule(
                  "add.realAlpha",
                  "add.Tensor(x,y,n)",
                  g -> g.x().add(g.y(), g.real("n")),
                  d -> d.types(ALL).any().x().mixed().like("y").real("n", -1.5, 0.5))
              .within(CURVED),
          rule(
                  "addcmul",
                  "addcmul(x,y,z,n)",
                  g -> g.x().addcmul(g.y(), g.t("z"), g.whole("n")),
                  SUMMED.then(d -> d.whole("n", -2, 2)))
              .within(CURVED),
          rule(
                  "addcdiv",
                  "addcdiv(x,y,z,n)",
                  g -> g.x().addcdiv(g.y(), g.t("z"), g.real("n")),
                  d ->
                      d.types(FLOATING)
                          .summable()
                          .x()
                          .like("y")
                          .fills(Fill.away(0.5, 3))
                          .like("z")
                          .real("n", -1.5, 0.5))
              .within(CURVED),
          rule(
                  "nanToNum.numbers",
                  "nan_to_num(x,nan,high,low)",
                  g -> g.x().nanToNum(g.real("nan"), g.real("high"), g.real("low")),
                  d ->
                      d.types(ALL)
                          .any()
                          .x()
                          .real("nan", 0.0, 1.0)
                          .real("high", 2.0, 3.0)
                          .real("low", -2.0, -3.0))
              .within(EXACT),
          rule(
              "bitwiseLeftShift",
              "bitwise_left_shift.Tensor",
              g -> g.x().bitwiseLeftShift(g.y()),
              d ->
                  d.types(INTEGERS)
                      .fills(Fill.WIDE, Fill.NORMAL)
                      .x()
                      .mixed()
                      .fills(Fill.between(0, 6))
                      .like("y")),
          rule(
              "bitwiseRightShift",
              "bitwise_right_shift.Tensor",
              g -> g.x().bitwiseRightShift(g.y()),
              d ->
                  d.types(INTEGERS)
                      .fills(Fill.WIDE, Fill.NORMAL)
                      .x()
                      .mixed()
                      .fills(Fill.between(0, 6))
                      .like("y")));

  private static final List<Rule> CASTS =
      ALL.stream()
          .map(to ->
              rule(
                      "to." + to,
                      "to.dtype",
                      g -> g.x().to(g.dtype()),
                      d -> d.castable(to).x().type("dtype", List.of(to)))
                  .within(EXACT))
          .toList();

  static final List<Rule> ALL_RULES =
      Stream.concat(
              Stream.concat(WITH_WHOLE.stream(), WITH_REAL.stream())
                  .map(rule ->
                      rule.tolerance().equals(Tolerance.FOLDED) ? rule.within(ROUNDED) : rule),
              Stream.concat(CHOICES.stream(), CASTS.stream()))
          .toList();

  private NumberRules() {}
}

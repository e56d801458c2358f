package dev.proteus.op;

import static dev.proteus.op.Typing.ARITHMETIC;
import static dev.proteus.op.Typing.BITWISE;
import static dev.proteus.op.Typing.FIRST;
import static dev.proteus.op.Typing.INTEGER;
import static dev.proteus.op.Typing.LOGICAL;
import static dev.proteus.op.Typing.MASKED;
import static dev.proteus.op.Typing.NUMERIC;
import static dev.proteus.op.Typing.REAL;
import static dev.proteus.op.Typing.SCALED;
import static dev.proteus.op.Typing.SELECT;
import static dev.proteus.op.Typing.SIGNED;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.Scalar;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// The pointwise operators, one line each: a name, how operands are typed, and an expression.
///
/// Derivative, kernels on every backend and fusion follow from the expression.
public enum Pointwise {
  ADD("add", ARITHMETIC, Formulas::sum),
  ADD_SCALED("add", SCALED, (a, b, alpha) -> Formulas.sum(a, Formulas.product(b, alpha))),
  SUB("sub", SIGNED, Exprs::sub),
  MUL("mul", ARITHMETIC, Formulas::product),
  DIV("div", REAL, Exprs::div),
  FLOOR_DIVIDE("floorDivide", NUMERIC, Exprs::floorDiv),
  TRUNC_DIVIDE("truncDivide", NUMERIC, Exprs::truncDiv),
  REMAINDER("remainder", NUMERIC, Exprs::remainder),
  FMOD("fmod", NUMERIC, Exprs::fmod),
  POW("pow", NUMERIC, Formulas::power),
  MAXIMUM("maximum", ARITHMETIC, Formulas::larger),
  MINIMUM("minimum", ARITHMETIC, Formulas::smaller),
  FMAX("fmax", NUMERIC, Exprs::fmax),
  FMIN("fmin", NUMERIC, Exprs::fmin),
  ATAN2("atan2", REAL, Exprs::atan2),
  HYPOT("hypot", REAL, Formulas::hypotenuse),
  COPYSIGN("copysign", REAL, Formulas::copySign),
  XLOGY("xlogy", REAL, Formulas::xLogY),
  LOGADDEXP("logaddexp", REAL, Formulas::logAddExp),
  LERP("lerp", REAL, Formulas::lerp),
  ADDCMUL("addcmul", SCALED, Formulas::addProduct),
  ADDCDIV("addcdiv", REAL, Formulas::addQuotient),

  EQ("eq", ARITHMETIC, Exprs::eq),
  NE("ne", ARITHMETIC, Exprs::ne),
  LT("lt", ARITHMETIC, Exprs::lt),
  LE("le", ARITHMETIC, Exprs::le),
  GT("gt", ARITHMETIC, Exprs::gt),
  GE("ge", ARITHMETIC, Exprs::ge),
  ISNAN("isnan", ARITHMETIC, Formulas::isNan),
  ISINF("isinf", ARITHMETIC, Formulas::isInfinite),
  ISFINITE("isfinite", ARITHMETIC, Formulas::isFinite),
  SIGNBIT("signbit", ARITHMETIC, Formulas::signBit),
  LOGICAL_AND("logicalAnd", LOGICAL, Exprs::and),
  LOGICAL_OR("logicalOr", LOGICAL, Exprs::or),
  LOGICAL_XOR("logicalXor", LOGICAL, Exprs::xor),
  LOGICAL_NOT("logicalNot", LOGICAL, Exprs::not),
  BITWISE_AND("bitwiseAnd", BITWISE, Exprs::and),
  BITWISE_OR("bitwiseOr", BITWISE, Exprs::or),
  BITWISE_XOR("bitwiseXor", BITWISE, Exprs::xor),
  BITWISE_NOT("bitwiseNot", BITWISE, Exprs::not),
  BITWISE_LEFT_SHIFT("bitwiseLeftShift", INTEGER, Exprs::shl),
  BITWISE_RIGHT_SHIFT("bitwiseRightShift", INTEGER, Exprs::shr),

  WHERE("where", SELECT, Exprs::where),
  MASKED_FILL("maskedFill", MASKED, (x, mask, value) -> Exprs.where(mask, value, x)),
  CLAMP("clamp", NUMERIC, Formulas::clamp),
  CLAMP_MIN("clampMin", NUMERIC, Formulas::atLeast),
  CLAMP_MAX("clampMax", NUMERIC, Formulas::atMost),
  THRESHOLD("threshold", FIRST, Formulas::threshold),
  NAN_TO_NUM("nanToNum", FIRST, Formulas::nanToNum),

  NEG("neg", SIGNED, Exprs::neg),
  ABS("abs", NUMERIC, Exprs::abs),
  SIGN("sign", NUMERIC, Exprs::sign),
  FLOOR("floor", NUMERIC, x -> Formulas.rounded(x, Exprs::floor)),
  CEIL("ceil", NUMERIC, x -> Formulas.rounded(x, Exprs::ceil)),
  TRUNC("trunc", NUMERIC, x -> Formulas.rounded(x, Exprs::trunc)),
  ROUND("round", NUMERIC, x -> Formulas.rounded(x, Exprs::round)),
  FRAC("frac", REAL, x -> Exprs.sub(x, Exprs.trunc(x))),
  SQUARE("square", NUMERIC, x -> Exprs.mul(x, x)),
  RECIPROCAL("reciprocal", REAL, Formulas::reciprocal),
  SQRT("sqrt", REAL, Exprs::sqrt),
  RSQRT("rsqrt", REAL, Exprs::rsqrt),
  ROOT("root", REAL, Formulas::root),
  EXP("exp", REAL, Exprs::exp),
  EXP2("exp2", REAL, Exprs::exp2),
  EXPM1("expm1", REAL, Exprs::expm1),
  LOG("log", REAL, Exprs::log),
  LOG2("log2", REAL, Exprs::log2),
  LOG10("log10", REAL, Exprs::log10),
  LOG1P("log1p", REAL, Exprs::log1p),
  SIN("sin", REAL, Exprs::sin),
  COS("cos", REAL, Exprs::cos),
  TAN("tan", REAL, Exprs::tan),
  ASIN("asin", REAL, Exprs::asin),
  ACOS("acos", REAL, Exprs::acos),
  ATAN("atan", REAL, Exprs::atan),
  SINH("sinh", REAL, Exprs::sinh),
  COSH("cosh", REAL, Exprs::cosh),
  TANH("tanh", REAL, Exprs::tanh),
  ASINH("asinh", REAL, Exprs::asinh),
  ACOSH("acosh", REAL, Exprs::acosh),
  ATANH("atanh", REAL, Exprs::atanh),
  ERF("erf", REAL, Exprs::erf),
  ERFC("erfc", REAL, Exprs::erfc),
  ERFINV("erfinv", REAL, Exprs::erfinv),
  LGAMMA("lgamma", REAL, Exprs::lgamma),
  DIGAMMA("digamma", REAL, Exprs::digamma),
  SIGMOID("sigmoid", REAL, Exprs::sigmoid),
  LOGIT("logit", REAL, Formulas::logit),

  RELU("relu", NUMERIC, Formulas::relu),
  RELU6("relu6", NUMERIC, Formulas::relu6),
  LEAKY_RELU("leakyRelu", REAL, Formulas::leakyRelu),
  ELU("elu", REAL, Formulas::elu),
  CELU("celu", REAL, Formulas::celu),
  SELU("selu", REAL, Formulas::selu),
  GELU("gelu", REAL, Formulas::gelu),
  GELU_TANH("geluTanh", REAL, Formulas::geluTanh),
  SILU("silu", REAL, x -> Exprs.mul(x, Exprs.sigmoid(x))),
  MISH("mish", REAL, Formulas::mish),
  SOFTPLUS("softplus", REAL, Formulas::softplus),
  SOFTSIGN("softsign", REAL, Formulas::softsign),
  SOFTSHRINK("softshrink", REAL, Formulas::softshrink),
  HARDSHRINK("hardshrink", REAL, Formulas::hardshrink),
  TANHSHRINK("tanhshrink", REAL, x -> Exprs.sub(x, Exprs.tanh(x))),
  HARDTANH("hardtanh", FIRST, Formulas::hardTanh),
  HARDSIGMOID("hardsigmoid", REAL, Formulas::hardSigmoid),
  HARDSWISH("hardswish", REAL, Formulas::hardSwish),
  LOG_SIGMOID("logSigmoid", REAL, Formulas::logSigmoid);

  private interface Ternary {
    Expr apply(Expr a, Expr b, Expr c);
  }

  private interface Quaternary {
    Expr apply(Expr a, Expr b, Expr c, Expr d);
  }

  private final String label;
  private final Typing typing;
  private final Function<List<Expr>, Expr> body;

  @SuppressWarnings("ImmutableEnumChecker") // a memo: what it answers never changes
  private final MapCache maps;

  Pointwise(String label, Typing typing, UnaryOperator<Expr> body) {
    this(label, typing, 1, x -> body.apply(x.get(0)));
  }

  Pointwise(String label, Typing typing, BinaryOperator<Expr> body) {
    this(label, typing, 2, x -> body.apply(x.get(0), x.get(1)));
  }

  Pointwise(String label, Typing typing, Ternary body) {
    this(label, typing, 3, x -> body.apply(x.get(0), x.get(1), x.get(2)));
  }

  Pointwise(String label, Typing typing, Quaternary body) {
    this(label, typing, 3, x -> body.apply(x.get(0), x.get(1), x.get(2), x.get(3)));
  }

  Pointwise(String label, Typing typing, int tensors, Function<List<Expr>, Expr> body) {
    this.label = label;
    this.typing = typing;
    this.body = body;
    this.maps = new MapCache(tensors);
  }

  /// The operator on an operand of this type.
  ///
  /// @throws dev.proteus.error.DTypeException if it has no meaning for it
  public Map of(TensorSpec x) {
    int slot = MapCache.slot(x);
    Map known = maps.get(slot);
    return known != null ? known : maps.put(slot, make(List.of(Term.of(x))));
  }

  /// The operator on operands of these types.
  ///
  /// @throws dev.proteus.error.DTypeException if it has no meaning for them
  public Map of(TensorSpec a, TensorSpec b) {
    int slot = MapCache.slot(a, b);
    Map known = maps.get(slot);
    return known != null ? known : maps.put(slot, make(List.of(Term.of(a), Term.of(b))));
  }

  /// The operator on operands of these types.
  ///
  /// @throws dev.proteus.error.DTypeException if it has no meaning for them
  public Map of(TensorSpec a, TensorSpec b, TensorSpec c) {
    int slot = MapCache.slot(a, b, c);
    Map known = maps.get(slot);
    return known != null
        ? known
        : maps.put(slot, make(List.of(Term.of(a), Term.of(b), Term.of(c))));
  }

  /// The operator on operands among which are numbers of the host; the map takes the others.
  ///
  /// @throws dev.proteus.error.DTypeException if it has no meaning for them
  public Map of(List<Term> operands) {
    Map known = maps.get(operands);
    return known != null ? known : maps.put(operands, make(operands));
  }

  private Map make(List<Term> terms) {
    return Map.of(label, body.apply(typing.operands(label, terms)));
  }

  <T extends TensorOps<T>> T call(T x) {
    return x.call(of(x.spec()), List.of(x));
  }

  <T extends TensorOps<T>> T call(T a, T b) {
    return a.call(of(a.spec(), b.spec()), List.of(a, b));
  }

  <T extends TensorOps<T>> T call(T a, T b, T c) {
    return a.call(of(a.spec(), b.spec(), c.spec()), List.of(a, b, c));
  }

  /// On `x` and numbers that follow it.
  <T extends TensorOps<T>> T call(T x, Scalar... numbers) {
    return call(List.of(x), numbers);
  }

  /// On a number and `x`.
  <T extends TensorOps<T>> T call(Scalar number, T x) {
    return x.call(of(List.of(Term.of(number), Term.of(x.spec()))), List.of(x));
  }

  /// On values and numbers that follow them.
  <T extends TensorOps<T>> T call(List<T> values, Scalar... numbers) {
    List<Term> terms = new ArrayList<>(values.size() + numbers.length);
    for (T value : values) {
      terms.add(Term.of(value.spec()));
    }
    for (Scalar number : numbers) {
      terms.add(Term.of(number));
    }
    return values.getFirst().call(of(List.copyOf(terms)), values);
  }
}

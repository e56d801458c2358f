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
import static dev.proteus.op.Typing.STRICT;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.expr.Fn;
import dev.proteus.expr.Simplify;
import dev.proteus.type.DType;
import dev.proteus.type.Promotion;
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
  SUB("sub", SIGNED, Fn.SUB),
  MUL("mul", ARITHMETIC, Formulas::product),
  DIV("div", REAL, Fn.DIV),
  FLOOR_DIVIDE("floorDivide", NUMERIC, Fn.FLOOR_DIV),
  TRUNC_DIVIDE("truncDivide", NUMERIC, Fn.TRUNC_DIV),
  REMAINDER("remainder", NUMERIC, Fn.REMAINDER),
  FMOD("fmod", NUMERIC, Fn.FMOD),
  POW("pow", NUMERIC, Formulas::power),
  MAXIMUM("maximum", ARITHMETIC, Formulas::larger),
  MINIMUM("minimum", ARITHMETIC, Formulas::smaller),
  FMAX("fmax", ARITHMETIC, Formulas::largerNumber),
  FMIN("fmin", ARITHMETIC, Formulas::smallerNumber),
  ATAN2("atan2", REAL, Fn.ATAN2),
  HYPOT("hypot", REAL, Formulas::hypotenuse),
  COPYSIGN("copysign", REAL, Formulas::copySign),
  XLOGY("xlogy", REAL, Formulas::xLogY),
  XLOG1PY("xlog1py", REAL, Formulas::xLog1PlusY),
  LOGADDEXP("logaddexp", REAL, Formulas::logAddExp),
  LOGADDEXP2("logaddexp2", REAL, Formulas::logAddExp2),
  LDEXP("ldexp", REAL, (x, exponent) -> Exprs.mul(x, Exprs.exp2(exponent))),
  HEAVISIDE("heaviside", ARITHMETIC, Formulas::heaviside),
  LERP("lerp", REAL, Formulas::lerp),
  ADDCMUL("addcmul", SCALED, Formulas::addProduct),
  ADDCDIV("addcdiv", REAL, Formulas::addQuotient),

  EQ("eq", ARITHMETIC, Fn.EQ),
  NE("ne", ARITHMETIC, Fn.NE),
  LT("lt", ARITHMETIC, Fn.LT),
  LE("le", ARITHMETIC, Fn.LE),
  GT("gt", ARITHMETIC, Fn.GT),
  GE("ge", ARITHMETIC, Fn.GE),
  ISCLOSE("isclose", STRICT, Formulas::isClose),
  ISNAN("isnan", ARITHMETIC, Formulas::isNan),
  ISINF("isinf", ARITHMETIC, Formulas::isInfinite),
  ISPOSINF("isposinf", ARITHMETIC, Formulas::isPositiveInfinite),
  ISNEGINF("isneginf", ARITHMETIC, Formulas::isNegativeInfinite),
  ISFINITE("isfinite", ARITHMETIC, Formulas::isFinite),
  SIGNBIT("signbit", ARITHMETIC, Formulas::signBit),
  LOGICAL_AND("logicalAnd", LOGICAL, Fn.AND),
  LOGICAL_OR("logicalOr", LOGICAL, Fn.OR),
  LOGICAL_XOR("logicalXor", LOGICAL, Fn.XOR),
  LOGICAL_NOT("logicalNot", LOGICAL, Fn.NOT),
  BITWISE_AND("bitwiseAnd", BITWISE, Fn.AND),
  BITWISE_OR("bitwiseOr", BITWISE, Fn.OR),
  BITWISE_XOR("bitwiseXor", BITWISE, Fn.XOR),
  BITWISE_NOT("bitwiseNot", BITWISE, Fn.NOT),
  BITWISE_LEFT_SHIFT("bitwiseLeftShift", INTEGER, Fn.SHL),
  BITWISE_RIGHT_SHIFT("bitwiseRightShift", INTEGER, Fn.SHR),

  WHERE("where", SELECT, Fn.WHERE),
  MASKED_FILL("maskedFill", MASKED, (x, mask, value) -> Exprs.where(mask, value, x)),
  CLAMP("clamp", NUMERIC, Formulas::clamp),
  CLAMP_MIN("clampMin", NUMERIC, Formulas::atLeast),
  CLAMP_MAX("clampMax", NUMERIC, Formulas::atMost),
  THRESHOLD("threshold", FIRST, Formulas::threshold),
  NAN_TO_NUM("nanToNum", FIRST, Formulas::nanToNum),

  NEG("neg", SIGNED, Fn.NEG),
  ABS("abs", NUMERIC, Fn.ABS),
  SIGN("sign", ARITHMETIC, Formulas::sign),
  FLOOR("floor", NUMERIC, Fn.FLOOR),
  CEIL("ceil", NUMERIC, Fn.CEIL),
  TRUNC("trunc", NUMERIC, Fn.TRUNC),
  ROUND("round", NUMERIC, Fn.ROUND),
  FRAC("frac", REAL, x -> Exprs.sub(x, Exprs.trunc(x))),
  SQUARE("square", NUMERIC, x -> Exprs.mul(x, x)),
  RECIPROCAL("reciprocal", REAL, Formulas::reciprocal),
  SQRT("sqrt", REAL, Fn.SQRT),
  RSQRT("rsqrt", REAL, Fn.RSQRT),
  ROOT("root", REAL, Formulas::root),
  EXP("exp", REAL, Fn.EXP),
  EXP2("exp2", REAL, Fn.EXP2),
  EXPM1("expm1", REAL, Fn.EXPM1),
  LOG("log", REAL, Fn.LOG),
  LOG2("log2", REAL, Fn.LOG2),
  LOG10("log10", REAL, Fn.LOG10),
  LOG1P("log1p", REAL, Fn.LOG1P),
  SIN("sin", REAL, Fn.SIN),
  COS("cos", REAL, Fn.COS),
  TAN("tan", REAL, Fn.TAN),
  ASIN("asin", REAL, Fn.ASIN),
  ACOS("acos", REAL, Fn.ACOS),
  ATAN("atan", REAL, Fn.ATAN),
  SINC("sinc", REAL, Formulas::sinc),
  DEG2RAD("deg2rad", REAL, x -> Exprs.mul(x, Math.PI / 180)),
  RAD2DEG("rad2deg", REAL, x -> Exprs.mul(x, 180 / Math.PI)),
  SINH("sinh", REAL, Fn.SINH),
  COSH("cosh", REAL, Fn.COSH),
  TANH("tanh", REAL, Fn.TANH),
  ASINH("asinh", REAL, Fn.ASINH),
  ACOSH("acosh", REAL, Fn.ACOSH),
  ATANH("atanh", REAL, Fn.ATANH),
  ERF("erf", REAL, Fn.ERF),
  ERFC("erfc", REAL, Fn.ERFC),
  ERFINV("erfinv", REAL, Fn.ERFINV),
  LGAMMA("lgamma", REAL, Fn.LGAMMA),
  DIGAMMA("digamma", REAL, Fn.DIGAMMA),
  SIGMOID("sigmoid", REAL, Fn.SIGMOID),
  LOGIT("logit", REAL, Formulas::logit),

  RELU("relu", NUMERIC, Formulas::relu),
  RELU6("relu6", NUMERIC, Formulas::relu6),
  LEAKY_RELU("leakyRelu", REAL, Formulas::leakyRelu),
  PRELU("prelu", STRICT, Formulas::leakyRelu),
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

  Pointwise(String label, Typing typing, Fn fn) {
    this(label, typing, fn.arity(), x -> Exprs.call(fn, x.toArray(Expr[]::new)));
  }

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

  /// The operator's name as errors and profiles print it.
  public String label() {
    return label;
  }

  /// The operator on an operand of this type.
  ///
  /// @throws dev.proteus.error.DTypeException if it has no meaning for it
  public Map of(TensorSpec x) {
    Map known = maps.get(MapCache.code(x));
    return known != null ? known : of(List.of(Term.of(x)));
  }

  /// The operator on operands of these types.
  ///
  /// @throws dev.proteus.error.DTypeException if it has no meaning for them
  public Map of(TensorSpec a, TensorSpec b) {
    Map known = maps.get(MapCache.code(a, b));
    return known != null ? known : of(List.of(Term.of(a), Term.of(b)));
  }

  /// The operator on operands of these types.
  ///
  /// @throws dev.proteus.error.DTypeException if it has no meaning for them
  public Map of(TensorSpec a, TensorSpec b, TensorSpec c) {
    Map known = maps.get(MapCache.code(a, b, c));
    return known != null ? known : of(List.of(Term.of(a), Term.of(b), Term.of(c)));
  }

  /// The operator on an operand of this type and a number of the host.
  ///
  /// @throws dev.proteus.error.DTypeException if it has no meaning for them
  public Map of(TensorSpec x, Scalar number) {
    Map known = maps.get(MapCache.withNumber(x), Promotion.REAL, List.of(number));
    return known != null ? known : of(List.of(Term.of(x), Term.of(number)));
  }

  /// The operator on operands among which may be numbers of the host; the map takes the others.
  ///
  /// @throws dev.proteus.error.DTypeException if it has no meaning for them
  public Map of(List<Term> operands) {
    return of(operands, Promotion.REAL);
  }

  /// The same where `defaultDType` is what becomes of integers that must be real (rules DT-3,
  /// DT-7). It does not count beside a floating operand.
  public Map of(List<Term> operands, DType defaultDType) {
    int code = MapCache.code(operands);
    List<Scalar> numbers = MapCache.numbers(operands);
    DType real = anyFloating(operands) ? Promotion.REAL : defaultDType;
    boolean usual = numbers.isEmpty() && real == Promotion.REAL;
    Map known = usual ? maps.get(code) : maps.get(code, real, numbers);
    if (known != null) {
      return known;
    }
    Map map = Map.of(label, Simplify.of(body.apply(typing.operands(label, operands, real))));
    return usual ? maps.put(code, map) : maps.put(code, real, numbers, map);
  }

  private static boolean anyFloating(List<Term> operands) {
    for (Term operand : operands) {
      if (operand.rank() != Term.Rank.HOST && operand.dtype().isFloating()) {
        return true;
      }
    }
    return false;
  }

  <T extends TensorOps<T>> T call(T x) {
    return isUsual(x) ? x.call(of(x.spec()), List.of(x)) : call(List.of(x));
  }

  <T extends TensorOps<T>> T call(T a, T b) {
    return isUsual(a) || isUsual(b)
        ? a.call(of(a.spec(), b.spec()), List.of(a, b))
        : call(List.of(a, b));
  }

  <T extends TensorOps<T>> T call(T a, T b, T c) {
    return isUsual(a) || isUsual(b) || isUsual(c)
        ? a.call(of(a.spec(), b.spec(), c.spec()), List.of(a, b, c))
        : call(List.of(a, b, c));
  }

  <T extends TensorOps<T>> T call(T x, Scalar number) {
    return isUsual(x) ? x.call(of(x.spec(), number), List.of(x)) : call(List.of(x), number);
  }

  /// On `x` and numbers that follow it.
  <T extends TensorOps<T>> T call(T x, Scalar... numbers) {
    return call(List.of(x), numbers);
  }

  /// On a number and `x`.
  <T extends TensorOps<T>> T call(Scalar number, T x) {
    DType real = x.defaultDType();
    List<Term> terms = List.of(Term.of(number, real), Term.of(x.spec()));
    return x.call(of(terms, real), List.of(x));
  }

  /// On values and numbers that follow them.
  <T extends TensorOps<T>> T call(List<T> values, Scalar... numbers) {
    DType real = values.getFirst().defaultDType();
    List<Term> terms = new ArrayList<>(values.size() + numbers.length);
    for (T value : values) {
      terms.add(Term.of(value.spec()));
    }
    for (Scalar number : numbers) {
      terms.add(Term.of(number, real));
    }
    return values.getFirst().call(of(List.copyOf(terms), real), values);
  }

  /// Whether the default floating type does not count: an operand is floating, or it is float32.
  private static <T extends TensorOps<T>> boolean isUsual(T x) {
    return x.spec().dtype().isFloating() || x.defaultDType() == Promotion.REAL;
  }
}

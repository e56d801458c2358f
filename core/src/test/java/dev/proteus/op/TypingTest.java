package dev.proteus.op;

import static dev.proteus.type.DType.BFLOAT16;
import static dev.proteus.type.DType.BOOL;
import static dev.proteus.type.DType.FLOAT16;
import static dev.proteus.type.DType.FLOAT32;
import static dev.proteus.type.DType.FLOAT64;
import static dev.proteus.type.DType.INT16;
import static dev.proteus.type.DType.INT32;
import static dev.proteus.type.DType.INT64;
import static dev.proteus.type.DType.INT8;
import static dev.proteus.type.DType.UINT8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.DTypeException;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The types in which pointwise operators compute.
class TypingTest {
  private static final List<DType> ORDER =
      List.of(UINT8, INT8, INT16, INT32, INT64, FLOAT16, BFLOAT16, FLOAT32, FLOAT64, BOOL);
  private static final String TABLE =
      """
      u8  i16 i16 i32 i64 f16 bf16 f32 f64 u8
      i16 i8  i16 i32 i64 f16 bf16 f32 f64 i8
      i16 i16 i16 i32 i64 f16 bf16 f32 f64 i16
      i32 i32 i32 i32 i64 f16 bf16 f32 f64 i32
      i64 i64 i64 i64 i64 f16 bf16 f32 f64 i64
      f16 f16 f16 f16 f16 f16 f32 f32 f64 f16
      bf16 bf16 bf16 bf16 bf16 f32 bf16 f32 f64 bf16
      f32 f32 f32 f32 f32 f32 f32 f32 f64 f32
      f64 f64 f64 f64 f64 f64 f64 f64 f64 f64
      u8  i8  i16 i32 i64 f16 bf16 f32 f64 bool
      """;

  private static TensorSpec spec(DType dtype, long... sizes) {
    return new TensorSpec(Shape.of(sizes), dtype, Device.META);
  }

  private static DType parse(String name) {
    return DType.parse(
        name.replaceFirst("^bf(\\d)", "bfloat$1")
            .replaceFirst("^f(\\d)", "float$1")
            .replaceFirst("^i(\\d)", "int$1")
            .replaceFirst("^u(\\d)", "uint$1"));
  }

  /// A type with `[]` behind it has no axes.
  private static TensorSpec operand(String name) {
    return name.endsWith("[]")
        ? spec(parse(name.substring(0, name.length() - 2)))
        : spec(parse(name), 2);
  }

  private static DType type(Map map) {
    return map.expr().dtype();
  }

  @Test
  @DisplayName("DT-1: the table of promotion")
  void table() {
    List<String> rows = TABLE.strip().lines().toList();
    for (int i = 0; i < ORDER.size(); i++) {
      List<String> cells = Pattern.compile(" +").splitAsStream(rows.get(i)).toList();
      for (int j = 0; j < ORDER.size(); j++) {
        DType got = type(Pointwise.MAXIMUM.of(spec(ORDER.get(i), 2), spec(ORDER.get(j), 2)));
        assertEquals(parse(cells.get(j)), got, ORDER.get(i) + " with " + ORDER.get(j));
      }
    }
  }

  @ParameterizedTest(name = "{0} + {1} is {2}")
  @CsvSource({
    "i32, i64[], i32",
    "f32, f64[], f32",
    "i32, f64[], f64",
    "bool, i64[], i64",
    "i64[], f16[], f16",
    "f16[], f64, f64",
    "i8[], u8[], i16"
  })
  @DisplayName("DT-2: 0-dim operands count only with a higher category")
  void zeroDim(String a, String b, String wanted) {
    assertEquals(parse(wanted), type(Pointwise.ADD.of(operand(a), operand(b))));
    assertEquals(parse(wanted), type(Pointwise.ADD.of(operand(b), operand(a))));
  }

  @ParameterizedTest(name = "{0} + {1} is {2}")
  @CsvSource({
    "u8, 1, u8",
    "i32, 1.5, f32",
    "bool, 1, i64",
    "bool, 1.5, f32",
    "f16, 1.5, f16",
    "bf16, 2, bf16",
    "i64[], 1.5, f32",
    "i8[], 1, i8",
    "f64, 1.5, f64"
  })
  @DisplayName("DT-2, DT-3: numbers of the host count least")
  void hostNumbers(String tensor, String number, String wanted) {
    Scalar scalar =
        number.contains(".")
            ? Scalar.of(Double.parseDouble(number))
            : Scalar.of(Long.parseLong(number));
    List<Term> terms = List.of(Term.of(operand(tensor)), Term.of(scalar));
    assertEquals(parse(wanted), type(Pointwise.ADD.of(terms)));
    assertEquals(parse(wanted), type(Pointwise.ADD.of(terms.reversed())));
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  @DisplayName("DT-6: comparison and logic of any type are bool")
  void comparison(DType dtype) {
    TensorSpec x = spec(dtype, 2);
    assertEquals(BOOL, type(Pointwise.LT.of(x, spec(FLOAT32, 2))));
    assertEquals(BOOL, type(Pointwise.LOGICAL_AND.of(x, spec(INT8, 2))));
    assertEquals(BOOL, type(Pointwise.LOGICAL_NOT.of(x)));
    assertEquals(BOOL, type(Pointwise.ISNAN.of(x)));
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  @DisplayName("DT-6: bitwise is for integers and booleans")
  void bitwise(DType dtype) {
    TensorSpec x = spec(dtype, 2);
    if (dtype.isFloating()) {
      assertThrows(DTypeException.class, () -> Pointwise.BITWISE_AND.of(x, x));
      assertThrows(DTypeException.class, () -> Pointwise.BITWISE_NOT.of(x));
    } else {
      assertEquals(dtype, type(Pointwise.BITWISE_XOR.of(x, x)));
    }
    if (!dtype.isInteger()) {
      assertThrows(DTypeException.class, () -> Pointwise.BITWISE_LEFT_SHIFT.of(x, x));
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  @DisplayName("DT-7: true division and unary mathematics are real")
  void real(DType dtype) {
    DType wanted = dtype.isFloating() ? dtype : FLOAT32;
    TensorSpec x = spec(dtype, 2);
    assertEquals(wanted, type(Pointwise.DIV.of(x, x)));
    assertEquals(wanted, type(Pointwise.EXP.of(x)));
    assertEquals(wanted, type(Pointwise.SIGMOID.of(x)));
    assertEquals(wanted, type(Pointwise.GELU.of(x)));
  }

  @Test
  @DisplayName("DT-8: conditions and masks are bool")
  void strictMasks() {
    TensorSpec x = spec(FLOAT32, 2);
    TensorSpec bytes = spec(UINT8, 2);
    assertThrows(DTypeException.class, () -> Pointwise.WHERE.of(bytes, x, x));
    assertThrows(DTypeException.class, () -> Pointwise.MASKED_FILL.of(x, bytes, x));
    TensorSpec mask = spec(BOOL, 2);
    assertEquals(FLOAT64, type(Pointwise.WHERE.of(mask, x, spec(FLOAT64, 2))));
    assertEquals(FLOAT32, type(Pointwise.MASKED_FILL.of(x, mask, spec(FLOAT64))));
  }

  @Test
  @DisplayName("DT-9: a factor may not exceed the category of the operands")
  void factors() {
    Term x = Term.of(spec(INT32, 2));
    Term half = Term.of(Scalar.of(0.5));
    assertThrows(DTypeException.class, () -> Pointwise.ADD_SCALED.of(List.of(x, x, half)));
    assertThrows(DTypeException.class, () -> Pointwise.ADDCMUL.of(List.of(x, x, x, half)));
    assertEquals(INT32, type(Pointwise.ADD_SCALED.of(List.of(x, x, Term.of(Scalar.of(2L))))));
  }

  @Test
  @DisplayName("DT-10: booleans are not subtracted")
  void booleans() {
    TensorSpec x = spec(BOOL, 2);
    assertThrows(DTypeException.class, () -> Pointwise.SUB.of(x, x));
    assertThrows(DTypeException.class, () -> Pointwise.SUB.of(x, spec(INT64, 2)));
    assertThrows(DTypeException.class, () -> Pointwise.NEG.of(x));
    Term one = Term.of(Scalar.of(1L));
    assertThrows(DTypeException.class, () -> Pointwise.SUB.of(List.of(one, Term.of(x))));
    assertEquals(BOOL, type(Pointwise.ADD.of(x, x)));
  }

  @Test
  @DisplayName("DT-23: a negative host exponent has no integer power")
  void negativePower() {
    Term x = Term.of(spec(INT32, 2));
    List<Term> negative = List.of(x, Term.of(Scalar.of(-1L)));
    assertThrows(DTypeException.class, () -> Pointwise.POW.of(negative));
  }

  @Test
  void messagesNameTheOperatorAndTheTypes() {
    TensorSpec x = spec(BOOL, 2);
    var error = assertThrows(DTypeException.class, () -> Pointwise.SUB.of(x, spec(INT8, 2)));
    assertTrue(error.toString().contains(": sub: operands are [bool, int8]"));
  }

  @Test
  void equalTypesShareOneMap() {
    TensorSpec x = spec(FLOAT32, 2);
    Map map = Pointwise.ADD.of(x, x);
    assertSame(map, Pointwise.ADD.of(spec(FLOAT32, 7), spec(FLOAT32, 1, 7)));
    assertNotSame(map, Pointwise.ADD.of(x, spec(FLOAT64, 2)));
    List<Term> terms = List.of(Term.of(x), Term.of(Scalar.of(0.5)));
    assertSame(
        Pointwise.MUL.of(terms),
        Pointwise.MUL.of(List.of(Term.of(spec(FLOAT32, 3)), Term.of(Scalar.of(0.5)))));
    List<Term> other = List.of(Term.of(x), Term.of(Scalar.of(0.25)));
    assertNotSame(Pointwise.MUL.of(terms), Pointwise.MUL.of(other));
  }
}

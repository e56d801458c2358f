package dev.proteus.type;

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
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// The common type of operands.
final class PromotionTest {
  private static final Map<String, DType> NAMES =
      Map.of(
          "u8", UINT8, "i8", INT8, "i16", INT16, "i32", INT32, "i64", INT64, "f16", FLOAT16, "bf16",
          BFLOAT16, "f32", FLOAT32, "f64", FLOAT64, "bool", BOOL);

  /// The table of rule DT-1.
  private static final String TABLE =
      """
      -    u8   i8   i16  i32  i64  f16  bf16 f32  f64  bool
      u8   u8   i16  i16  i32  i64  f16  bf16 f32  f64  u8
      i8   i16  i8   i16  i32  i64  f16  bf16 f32  f64  i8
      i16  i16  i16  i16  i32  i64  f16  bf16 f32  f64  i16
      i32  i32  i32  i32  i32  i64  f16  bf16 f32  f64  i32
      i64  i64  i64  i64  i64  i64  f16  bf16 f32  f64  i64
      f16  f16  f16  f16  f16  f16  f16  f32  f32  f64  f16
      bf16 bf16 bf16 bf16 bf16 bf16 f32  bf16 f32  f64  bf16
      f32  f32  f32  f32  f32  f32  f32  f32  f32  f64  f32
      f64  f64  f64  f64  f64  f64  f64  f64  f64  f64  f64
      bool u8   i8   i16  i32  i64  f16  bf16 f32  f64  bool
      """;

  private static TensorSpec spec(DType dtype, long... sizes) {
    return new TensorSpec(Shape.of(sizes), dtype, Device.CPU);
  }

  @Test
  @DisplayName("DT-1 each pair of types has the common one of the table")
  void pairs() {
    List<List<String>> rows =
        TABLE.lines().map(line -> Arrays.asList(line.strip().split(" +"))).toList();
    List<String> columns = rows.getFirst();
    assertEquals(DType.values().length, columns.size() - 1);
    for (List<String> row : rows.subList(1, rows.size())) {
      for (int i = 1; i < row.size(); i++) {
        DType a = type(row.getFirst());
        DType b = type(columns.get(i));
        assertEquals(type(row.get(i)), Promotion.of(a, b), () -> a + " with " + b);
      }
    }
  }

  private static DType type(String name) {
    return java.util.Objects.requireNonNull(NAMES.get(name), name);
  }

  @Test
  @DisplayName("DT-2 a tensor without axes counts only where its category is higher")
  void ranksOfTensors() {
    assertEquals(INT32, Promotion.of(List.of(spec(INT32, 2), spec(INT64))));
    assertEquals(FLOAT32, Promotion.of(List.of(spec(FLOAT32, 2), spec(FLOAT64))));
    assertEquals(FLOAT64, Promotion.of(List.of(spec(INT32, 2), spec(FLOAT64))));
    assertEquals(INT64, Promotion.of(List.of(spec(BOOL, 2), spec(INT64))));
    assertEquals(FLOAT64, Promotion.of(List.of(spec(FLOAT32), spec(FLOAT64))));
    assertEquals(FLOAT32, Promotion.of(List.of(spec(FLOAT64), spec(FLOAT32, 1), spec(INT64, 1))));
    assertThrows(IllegalArgumentException.class, () -> Promotion.of(List.of()));
  }

  @Test
  @DisplayName("DT-2 a number of the host counts only where its category is higher")
  void numbersOfTheHost() {
    assertEquals(UINT8, Promotion.of(UINT8, Scalar.of(1L), FLOAT32));
    assertEquals(FLOAT32, Promotion.of(INT32, Scalar.of(1.5), FLOAT32));
    assertEquals(FLOAT64, Promotion.of(INT32, Scalar.of(1.5), FLOAT64));
    assertEquals(INT64, Promotion.of(BOOL, Scalar.of(1L), FLOAT32));
    assertEquals(FLOAT16, Promotion.of(FLOAT16, Scalar.of(1.5), FLOAT32));
    assertEquals(BOOL, Promotion.of(BOOL, Scalar.of(true), FLOAT32));
  }

  @Test
  @DisplayName("DT-3 numbers alone have the largest type of their category, real ones the default")
  void numbersAlone() {
    assertEquals(BOOL, Promotion.of(Scalar.of(true), FLOAT32));
    assertEquals(INT64, Promotion.of(Scalar.of(1L), FLOAT32));
    assertEquals(FLOAT32, Promotion.of(Scalar.of(1.0), FLOAT32));
  }

  @Test
  @DisplayName("DT-4 casts never go down in category")
  void castsNeverGoDownInCategory() {
    for (DType from : DType.values()) {
      for (DType to : DType.values()) {
        boolean down =
            from.isFloating() && !to.isFloating() || from.isInteger() && to == DType.BOOL;
        assertEquals(!down, from.canCastTo(to), () -> from + " to " + to);
      }
    }
  }
}

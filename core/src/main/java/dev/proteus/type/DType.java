package dev.proteus.type;

import java.util.Arrays;

/// The element type of a tensor.
///
/// Halves (`FLOAT16`, `BFLOAT16`) are storage formats: they are computed in float32 and rounded
/// once, to nearest even, at the store (rule DT-24).
public enum DType {
  FLOAT64("float64", 8, Category.FLOATING),
  FLOAT32("float32", 4, Category.FLOATING),
  FLOAT16("float16", 2, Category.FLOATING),
  BFLOAT16("bfloat16", 2, Category.FLOATING),
  INT64("int64", 8, Category.INTEGER),
  INT32("int32", 4, Category.INTEGER),
  INT16("int16", 2, Category.INTEGER),
  INT8("int8", 1, Category.INTEGER),
  UINT8("uint8", 1, Category.INTEGER),
  BOOL("bool", 1, Category.BOOL);

  /// The ladder of promotion: a lower category never widens a higher one (rule DT-1).
  public enum Category {
    BOOL,
    INTEGER,
    FLOATING
  }

  private final String label;
  private final int bytes;
  private final Category category;

  DType(String label, int bytes, Category category) {
    this.label = label;
    this.bytes = bytes;
    this.category = category;
  }

  /// The element type of a name as printed, such as `float32`.
  ///
  /// @throws IllegalArgumentException if no type has this name
  public static DType parse(String name) {
    for (DType type : values()) {
      if (type.label.equals(name)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "dtype: unknown name '" + name + "'; known: " + Arrays.toString(values()));
  }

  /// Bytes per element.
  public int bytes() {
    return bytes;
  }

  public Category category() {
    return category;
  }

  public boolean isFloating() {
    return category == Category.FLOATING;
  }

  public boolean isInteger() {
    return category == Category.INTEGER;
  }

  /// Whether this is a 16-bit floating format, computed in float32.
  public boolean isHalf() {
    return this == FLOAT16 || this == BFLOAT16;
  }

  /// The type in which sums of this type are kept: float32 for halves, int64 for integers and
  /// booleans.
  public DType accumulator() {
    return switch (this) {
      case FLOAT64, FLOAT32 -> this;
      case FLOAT16, BFLOAT16 -> FLOAT32;
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> INT64;
    };
  }

  /// Whether a value of this type may be written into `target` (rule DT-4): never downwards in
  /// category.
  public boolean canCastTo(DType target) {
    return category.compareTo(target.category) <= 0;
  }

  /// PyTorch's name, such as `float32`.
  @Override
  public String toString() {
    return label;
  }
}

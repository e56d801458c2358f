package dev.proteus.codegen;

import dev.proteus.type.DType;

/// How element types are spelled in C. The names are those of the prelude.
final class CType {
  private CType() {}

  /// The type of an element in memory.
  static String stored(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> "f64";
      case FLOAT32 -> "f32";
      case FLOAT16, BFLOAT16 -> "u16";
      case INT64 -> "i64";
      case INT32 -> "i32";
      case INT16 -> "i16";
      case INT8 -> "i8";
      case UINT8, BOOL -> "u8";
    };
  }

  /// The type of a value between load and store: halves are computed in float32 (rule DT-24).
  static String computed(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> "f64";
      case FLOAT32, FLOAT16, BFLOAT16 -> "f32";
      case INT64 -> "i64";
      case INT32 -> "i32";
      case INT16 -> "i16";
      case INT8 -> "i8";
      case UINT8 -> "u8";
      case BOOL -> "i32";
    };
  }

  /// The value of an element in memory.
  static String load(DType dtype, String pointer, String index) {
    String element = pointer + "[" + index + "]";
    return switch (dtype) {
      case FLOAT16 -> "f16_to_f32(" + element + ")";
      case BFLOAT16 -> "bf16_to_f32(" + element + ")";
      case FLOAT64, FLOAT32, INT64, INT32, INT16, INT8, UINT8, BOOL -> element;
    };
  }

  /// The statement that writes a value to memory, rounded to nearest even.
  static String store(DType dtype, String pointer, String index, String value) {
    return pointer + "[" + index + "] = " + bits(dtype, value) + ";";
  }

  private static String bits(DType dtype, String value) {
    return switch (dtype) {
      case FLOAT16 -> "f32_to_f16(" + value + ")";
      case BFLOAT16 -> "f32_to_bf16(" + value + ")";
      case BOOL -> "(u8) " + value;
      case FLOAT64, FLOAT32, INT64, INT32, INT16, INT8, UINT8 -> value;
    };
  }

  /// A number that was passed as 64 bits: those of its own type.
  static String passed(DType dtype, String word) {
    return switch (dtype) {
      case FLOAT64 -> "BITS_F64(" + word + ")";
      case FLOAT32, FLOAT16, BFLOAT16 -> "BITS_F32((u32) " + word + ")";
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> "(" + computed(dtype) + ") " + word;
    };
  }

  /// A value of one type as one of another (rule DT-24).
  static String converted(DType from, DType to, String value) {
    return switch (to) {
      case FLOAT64, FLOAT32 -> "(" + computed(to) + ") " + value;
      case FLOAT16 -> "round_f16((f32) " + value + ")";
      case BFLOAT16 -> "round_bf16((f32) " + value + ")";
      case INT64, INT32, INT16, INT8, UINT8 ->
          wrapped(to, from.isFloating() ? "to_i64_" + computed(from) + "(" + value + ")" : value);
      case BOOL -> wrapped(to, value);
    };
  }

  /// A value of a wider integer type, wrapped to its width; of a bool, whether it is not zero (rule
  /// DT-20). Floating values stay as they are.
  static String wrapped(DType dtype, String value) {
    return switch (dtype) {
      case FLOAT64, FLOAT32, FLOAT16, BFLOAT16, INT64 -> value;
      case INT32, INT16, INT8, UINT8 -> "(" + computed(dtype) + ") " + value;
      case BOOL -> "(" + value + " != 0)";
    };
  }

  /// A text of functions over a floating type `T`, whose names end in the type's; `SINGLE` says
  /// whether it is the shorter one.
  static String instantiated(String text, String type) {
    return "#define T %s%n#define SINGLE %s%n#define FN(name) name##_%s%n%s#undef T%n#undef SINGLE%n#undef FN%n"
        .formatted(type, type.equals("f32") ? 1 : 0, type, text)
        .replace("\r\n", "\n");
  }
}

package dev.proteus.state;

import dev.proteus.type.DType;
import java.util.Arrays;
import java.util.List;

/// The names of element types in safetensors files.
final class ElementNames {
  private ElementNames() {}

  static String of(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> "F64";
      case FLOAT32 -> "F32";
      case FLOAT16 -> "F16";
      case BFLOAT16 -> "BF16";
      case INT64 -> "I64";
      case INT32 -> "I32";
      case INT16 -> "I16";
      case INT8 -> "I8";
      case UINT8 -> "U8";
      case BOOL -> "BOOL";
    };
  }

  static List<String> all() {
    return Arrays.stream(DType.values()).map(ElementNames::of).toList();
  }
}

package dev.proteus.state;

import dev.proteus.error.DTypeException;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// What stands before the elements of an npy file.
///
/// @param dtype type of the elements
/// @param bytes the order of the bytes of an element
/// @param axes which axis is the innermost
/// @param shape the array's shape
/// @param size how many bytes the header has; the elements follow
record NpyHeader(DType dtype, ByteOrder bytes, Axes axes, Shape shape, int size) {
  /// More bytes than the header of any array of ours has; those of arrays with named fields may be
  /// longer, but we read none.
  static final int LIMIT = 1 << 16;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;
  private static final int BEFORE_TEXT = 10;
  private static final int LONGEST_SIZE = 21;

  /// Which axis of an array is the innermost in memory.
  enum Axes {
    /// The last, as in C.
    LAST_INNERMOST,
    /// The first, as in Fortran.
    FIRST_INNERMOST
  }

  /// How many bytes the elements have.
  long dataBytes() {
    return shape.numel() * dtype.bytes();
  }

  static boolean isMagic(byte[] start) {
    for (int i = 0; i < MAGIC.length; i++) {
      if (start[i] != MAGIC[i]) {
        return false;
      }
    }
    return true;
  }

  /// The name NumPy has for an element type, without the order of its bytes.
  ///
  /// @throws DTypeException if it has none
  static String kind(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> "f8";
      case FLOAT32 -> "f4";
      case FLOAT16 -> "f2";
      case INT64 -> "i8";
      case INT32 -> "i4";
      case INT16 -> "i2";
      case INT8 -> "i1";
      case UINT8 -> "u1";
      case BOOL -> "b1";
      case BFLOAT16 ->
          throw new DTypeException(
              "npy: NumPy has no bfloat16; save it with .to(FLOAT32), or as safetensors");
    };
  }

  /// The header of a row-major array in the machine's byte order, in version 1.0 of the format.
  ///
  /// @throws DTypeException if NumPy has no such element type
  static byte[] write(DType dtype, Shape shape) {
    StringBuilder text =
        new StringBuilder("{'descr': '")
            .append(order(dtype))
            .append(kind(dtype))
            .append("', 'fortran_order': False, 'shape': (");
    for (int axis = 0; axis < shape.rank(); axis++) {
      text.append(shape.size(axis)).append(axis == 0 || axis < shape.rank() - 1 ? "," : "");
      text.append(axis < shape.rank() - 1 ? " " : "");
    }
    text.append("), }").repeat(' ', room(shape));
    int padding = -(BEFORE_TEXT + text.length() + 1) & ALIGNMENT - 1;
    text.repeat(' ', padding).append('\n');
    byte[] header = new byte[BEFORE_TEXT + text.length()];
    System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
    header[6] = 1;
    header[8] = (byte) text.length();
    header[9] = (byte) (text.length() >> 8);
    byte[] characters = text.toString().getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(characters, 0, header, BEFORE_TEXT, characters.length);
    return header;
  }

  /// Spaces in which the size of the first axis may grow without moving the elements, as NumPy
  /// leaves them.
  private static int room(Shape shape) {
    return shape.rank() == 0 ? 0 : LONGEST_SIZE - String.valueOf(shape.size(0)).length();
  }

  private static char order(DType dtype) {
    if (dtype.bytes() == 1) {
      return '|';
    }
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? '<' : '>';
  }
}

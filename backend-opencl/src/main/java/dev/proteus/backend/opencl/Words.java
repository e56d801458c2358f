package dev.proteus.backend.opencl;

import dev.proteus.codegen.Pace;
import dev.proteus.expr.Listing;
import dev.proteus.spi.Space;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The numbers of one launch, in the order in which the sources of kernels expect them.
final class Words {
  private long[] words;
  private int count;

  Words() {
    words = new long[32];
  }

  Words add(long word) {
    if (count == words.length) {
      words = Arrays.copyOf(words, 2 * count);
    }
    words[count++] = word;
    return this;
  }

  Words add(long[] values) {
    for (long value : values) {
      add(value);
    }
    return this;
  }

  /// A space: its sizes, then of each operand where it starts and its strides.
  Words add(Space space, long[] starts) {
    add(space.sizes());
    for (int k = 0; k < starts.length; k++) {
      add(starts[k]);
      add(space.strides(k));
    }
    return this;
  }

  /// The constants of an expression by slot, each as the bits of the type it is computed in.
  static long[] constants(Listing listing) {
    return listing.constants().stream()
        .mapToLong(constant -> bits(constant.dtype(), constant.value()))
        .toArray();
  }

  static long bits(DType dtype, Scalar value) {
    return switch (dtype) {
      case FLOAT64 -> Double.doubleToRawLongBits(value.asDouble());
      case FLOAT32, FLOAT16, BFLOAT16 ->
          Float.floatToRawIntBits((float) value.asDouble()) & 0xffffffffL;
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> value.asLong();
    };
  }

  long[] toArray() {
    return Arrays.copyOf(words, count);
  }

  /// How each operand moves along the last axis of a space.
  static List<Pace> paces(Space space, int operands) {
    List<Pace> paces = new ArrayList<>(operands);
    for (int k = 0; k < operands; k++) {
      paces.add(space.lastSize() == 1 ? Pace.STAYS : Pace.of(space.lastStride(k)));
    }
    return paces;
  }

  /// The last place that an operand of a space is read or written at, counted from its storage.
  static long reach(Space space, long[] starts) {
    long furthest = space.numel();
    for (int k = 0; k < starts.length; k++) {
      long place = starts[k];
      for (int axis = 0; axis < space.sizes().length; axis++) {
        place += (space.sizes()[axis] - 1) * space.strides(k)[axis];
      }
      furthest = Math.max(furthest, place);
    }
    return furthest;
  }
}

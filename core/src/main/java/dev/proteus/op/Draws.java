package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;

/// Random numbers as expressions of seed and place, so that they are equal on every backend and
/// thread count.
///
/// Elements are numbered row-major. Element `e` of a draw at `offset` reads the 32-bit words
/// `offset + w * e` to `offset + w * e + w - 1` of [dev.proteus.expr.Fn#PHILOX], where `w`, the
/// words per element, is 1, 2 or 4.
final class Draws {
  private static final double TWO_TO_32 = 0x1p32;

  private final TensorSpec spec;
  private final Expr seed;
  private final Expr offset;

  Draws(TensorSpec spec, long seed, long offset) {
    this.spec = spec;
    this.seed = integer(seed);
    this.offset = integer(offset);
  }

  /// Uniform in [0, 1), with as many bits as the type holds below 1: the upper 24 of a word in
  /// float32, 11 in float16, 8 in bfloat16; in float64 the upper 27 of one word and 26 of the next.
  Expr uniform() {
    return switch (spec.dtype()) {
      case FLOAT64 -> wide(0, 2);
      case FLOAT32 -> upper(24);
      case FLOAT16 -> upper(11);
      case BFLOAT16 -> upper(8);
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> throw notFloating("rand");
    };
  }

  /// Standard normal by the method of Box and Muller (1958): `sqrt(-2 log u) cos(2 pi v)`. Below
  /// float64, `u` is `(word + 1) / 2^32` and `v` the next word over 2^32, in float32; in float64,
  /// both have 53 bits of two words each, and `u` is 1 less its number.
  Expr normal() {
    if (!spec.dtype().isFloating()) {
      throw notFloating("randn");
    }
    boolean wide = spec.dtype() == DType.FLOAT64;
    Expr u = wide ? complement(wide(0, 4)) : fraction(Exprs.add(word(0, 2), 1));
    Expr v = wide ? wide(2, 4) : fraction(word(1, 2));
    Expr radius = Exprs.sqrt(Exprs.mul(Exprs.log(u), -2));
    Expr value = Exprs.mul(radius, Exprs.cos(Exprs.mul(v, 2 * Math.PI)));
    return Exprs.cast(spec.dtype(), value);
  }

  /// Integers from `low` to `high`, exclusive: for a range of at most 2^31 the upper half of word
  /// times range, else 63 bits of two words modulo the range.
  Expr integers(long low, long high) {
    long range = high - low;
    if (low >= high || range < 0) {
      throw new IllegalArgumentException(
          "randint: no integers from "
              + low
              + " to "
              + high
              + "; the end must exceed the start by 1 to 2^63 - 1");
    }
    Expr drawn;
    if (range <= 1L << 31) {
      drawn = Exprs.shr(Exprs.mul(word(0, 1), integer(range)), integer(32));
    } else {
      Expr bits = Exprs.or(Exprs.shl(word(0, 2), integer(31)), upperBits(word(1, 2), 31));
      drawn = Exprs.remainder(bits, integer(range));
    }
    return Exprs.cast(spec.dtype(), Exprs.add(drawn, integer(low)));
  }

  private Expr upper(int bits) {
    Expr value = Exprs.cast(spec.dtype(), upperBits(word(0, 1), bits));
    return Exprs.mul(value, Math.scalb(1.0, -bits));
  }

  private Expr wide(int first, int words) {
    Expr high = Exprs.shl(upperBits(word(first, words), 27), integer(26));
    Expr bits = Exprs.or(high, upperBits(word(first + 1, words), 26));
    return Exprs.mul(Exprs.cast(DType.FLOAT64, bits), 0x1p-53);
  }

  private static Expr complement(Expr value) {
    return Exprs.sub(Exprs.like(value, 1), value);
  }

  private static Expr fraction(Expr word) {
    return Exprs.div(Exprs.cast(DType.FLOAT32, word), TWO_TO_32);
  }

  private static Expr upperBits(Expr word, int bits) {
    return Exprs.shr(word, integer(32 - bits));
  }

  private Expr word(int index, int words) {
    Expr first = words == 1 ? element() : Exprs.mul(element(), integer(words));
    Expr place = Exprs.add(offset, first);
    return Exprs.philox(seed, index == 0 ? place : Exprs.add(place, integer(index)));
  }

  private Expr element() {
    Shape shape = spec.shape();
    Expr element = shape.rank() == 0 ? integer(0) : new Expr.Coord(0);
    for (int axis = 1; axis < shape.rank(); axis++) {
      Expr row = Exprs.mul(element, integer(shape.size(axis)));
      element = Exprs.add(row, new Expr.Coord(axis));
    }
    return element;
  }

  private static Expr integer(long value) {
    return Exprs.constant(DType.INT64, Scalar.of(value));
  }

  private DTypeException notFloating(String name) {
    return new DTypeException(
        name + ": " + spec.dtype() + " is not floating; draw integers with randint");
  }
}

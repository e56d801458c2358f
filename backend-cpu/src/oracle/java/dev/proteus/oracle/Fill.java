package dev.proteus.oracle;

import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;

/// What the elements of an operand are like. They follow from the operand's seed alone.
///
/// @param kind how they are drawn
/// @param low the least, where the kind has bounds
/// @param high the greatest, where the kind has bounds
record Fill(Kind kind, double low, double high) {
  /// How elements are drawn.
  enum Kind {
    /// Zeros; the simplest.
    ZEROS,
    /// Ones.
    ONES,
    /// Small integers, so that many are equal.
    TIES,
    /// The integers from 0 in random order, halved for reals: no two are equal.
    DISTINCT,
    /// Steps of 0, 1 and 2 halves: sorted, some equal.
    ASCENDING,
    /// Matrices with large diagonals, so that they are far from singular.
    DOMINANT,
    /// The normal distribution; small integers for integers.
    NORMAL,
    /// Numbers between two bounds.
    BETWEEN,
    /// Numbers between two bounds, of either sign.
    AWAY,
    /// All magnitudes.
    WIDE,
    /// NaN, infinities, zeros of both signs.
    NONFINITE,
    /// The same, the least and the greatest.
    SPECIAL
  }

  static final Fill ZEROS = new Fill(Kind.ZEROS, 0, 0);
  static final Fill ONES = new Fill(Kind.ONES, 0, 0);
  static final Fill TIES = new Fill(Kind.TIES, 0, 0);
  static final Fill DISTINCT = new Fill(Kind.DISTINCT, 0, 0);
  static final Fill ASCENDING = new Fill(Kind.ASCENDING, 0, 0);
  static final Fill NORMAL = new Fill(Kind.NORMAL, 0, 0);
  static final Fill WIDE = new Fill(Kind.WIDE, 0, 0);
  static final Fill NONFINITE = new Fill(Kind.NONFINITE, 0, 0);
  static final Fill SPECIAL = new Fill(Kind.SPECIAL, 0, 0);

  private static final List<Double> SPECIALS =
      List.of(
          Double.NaN,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          0.0,
          -0.0,
          1.0,
          -1.0,
          0.5,
          -0.5,
          1.5,
          2.5,
          -2.5,
          3.0,
          -7.0);

  /// Numbers from `low` to `high`.
  static Fill between(double low, double high) {
    return new Fill(Kind.BETWEEN, low, high);
  }

  /// Numbers whose size is from `low` to `high`.
  static Fill away(double low, double high) {
    return new Fill(Kind.AWAY, low, high);
  }

  /// Matrices of this shape that are far from singular.
  static Fill dominant(Shape shape) {
    return new Fill(Kind.DOMINANT, (double) shape.size(-2), (double) shape.size(-1));
  }

  /// The numbers of an axis of this size.
  static Fill index(long size) {
    return between(0, (double) Math.max(0, size - 1));
  }

  /// Writes `count` elements of `dtype`.
  void write(MemorySegment to, DType dtype, int count, long seed) {
    Dice dice = new Dice(seed);
    List<Integer> order = kind == Kind.DISTINCT ? dice.distinct(count, count) : List.of();
    for (int i = 0; i < count; i++) {
      int place = order.isEmpty() ? i : order.get(i);
      if (dtype.isFloating()) {
        Numbers.put(to, dtype, i, real(dice, dtype, place));
      } else {
        Numbers.put(to, dtype, i, whole(dice, dtype, place));
      }
    }
  }

  private double real(Dice dice, DType dtype, int place) {
    return switch (kind) {
      case ZEROS -> 0;
      case ONES -> 1;
      case TIES -> dice.between(-2, 2);
      case DISTINCT -> place * 0.5 - 3;
      case ASCENDING -> Math.floorDiv(place, 3) * 0.5 - 1;
      case DOMINANT -> dominant(dice, place);
      case NORMAL -> dice.gaussian();
      case BETWEEN -> dice.between(low, high);
      case AWAY -> (dice.oneIn(2) ? 1 : -1) * dice.between(low, high);
      case WIDE -> dice.gaussian() * Math.scalb(1.0, wideExponent(dice, dtype));
      case NONFINITE -> dice.pick(SPECIALS);
      case SPECIAL -> dice.oneIn(6) ? extreme(dice, dtype) : dice.pick(SPECIALS);
    };
  }

  private double dominant(Dice dice, int place) {
    int columns = (int) high;
    int inMatrix = place % Math.max(1, (int) (low * high));
    boolean onDiagonal = inMatrix / columns == inMatrix % columns;
    return dice.gaussian() / 2 + (onDiagonal ? 3 + 0.5 * (inMatrix % columns) : 0);
  }

  private static int wideExponent(Dice dice, DType dtype) {
    return dtype == DType.FLOAT16 ? dice.between(-7, 7) : dice.between(-24, 24);
  }

  private static double extreme(Dice dice, DType dtype) {
    double greatest = Numbers.greatest(dtype);
    return dice.pick(greatest, -greatest, Numbers.least(dtype), -Numbers.least(dtype));
  }

  private long whole(Dice dice, DType dtype, int place) {
    long least = Numbers.leastWhole(dtype);
    long greatest = Numbers.greatestWhole(dtype);
    long drawn =
        switch (kind) {
          case ZEROS -> 0;
          case ONES -> 1;
          case TIES -> dice.between(-2, 2);
          case DISTINCT, ASCENDING -> place;
          case NORMAL, NONFINITE, DOMINANT -> dice.between(-9, 9);
          case BETWEEN ->
              dice.between((int) Math.ceil(low), (int) Math.max(Math.ceil(low), Math.floor(high)));
          case AWAY ->
              (dice.oneIn(2) && least < 0 ? -1L : 1L)
                  * dice.between((int) Math.ceil(low), (int) Math.max(Math.ceil(low), high));
          case WIDE -> dice.word();
          case SPECIAL -> dice.pick(0L, 1L, -1L, least, greatest, dice.word());
        };
    if (dtype == DType.BOOL) {
      return drawn & 1;
    }
    return kind == Kind.WIDE || kind == Kind.SPECIAL || drawn >= least
        ? drawn
        : Math.floorMod(drawn, 10);
  }

  @Override
  public String toString() {
    String name = kind.name().toLowerCase(Locale.ROOT);
    boolean bounded = kind == Kind.BETWEEN || kind == Kind.AWAY || kind == Kind.DOMINANT;
    return bounded ? name + ":" + low + ":" + high : name;
  }

  static Fill parse(String text) {
    String[] parts = text.split(":", -1);
    Kind kind = Kind.valueOf(parts[0].toUpperCase(Locale.ROOT));
    return parts.length == 1
        ? new Fill(kind, 0, 0)
        : new Fill(kind, Double.parseDouble(parts[1]), Double.parseDouble(parts[2]));
  }
}

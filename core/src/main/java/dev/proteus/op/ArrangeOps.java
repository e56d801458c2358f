package dev.proteus.op;

import static dev.proteus.op.Positions.number;

import dev.proteus.error.ShapeException;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// Operators that join, pad, repeat and reorder elements: copies, not views (rule VW-1).
///
/// Axes count from the end where they are negative. Those that join a list are static, for the list
/// may be all there is.
///
/// @param <T> what operators are applied to
public interface ArrangeOps<T extends TensorOps<T>> extends Value<T> {
  /// The operands joined along an axis they have (rule IX-8).
  static <T extends TensorOps<T>> T cat(List<T> tensors, int axis) {
    List<TensorSpec> specs = tensors.stream().map(Value::spec).toList();
    if (tensors.isEmpty() || Cat.model(specs).rank() == 0) {
      throw new ShapeException(
          "cat: %s; expected at least one operand, and each with axes; stack adds one"
              .formatted(specs));
    }
    int at = Cat.model(specs).shape().axis(axis, "cat");
    return tensors.getFirst().call(new Cat(at), tensors);
  }

  /// Operands of one shape joined along a new axis (rule IX-8).
  static <T extends TensorOps<T>> T stack(List<T> tensors, int axis) {
    if (tensors.isEmpty()) {
      throw new ShapeException("stack: there are no operands; give at least one");
    }
    Shape first = tensors.getFirst().spec().shape();
    for (T tensor : tensors) {
      if (!tensor.spec().shape().equals(first)) {
        throw new ShapeException(
            "stack: %s beside %s; all operands must have one shape"
                .formatted(tensor.spec().shape(), first));
      }
    }
    int at = Axes.insertion(first, axis, "stack");
    return cat(tensors.stream().map(tensor -> tensor.unsqueeze(at)).toList(), at);
  }

  /// Operands joined from left to right: along axis 1, or along axis 0 where they have only one.
  static <T extends TensorOps<T>> T hstack(List<T> tensors) {
    List<T> rows = tensors.stream().map(tensor -> atLeast(1, tensor)).toList();
    return cat(rows, rows.isEmpty() || rows.getFirst().spec().rank() == 1 ? 0 : 1);
  }

  /// Operands joined from top to bottom, one with a single axis as a row.
  static <T extends TensorOps<T>> T vstack(List<T> tensors) {
    return cat(tensors.stream().map(tensor -> atLeast(2, tensor)).toList(), 0);
  }

  /// Operands joined along a third axis.
  static <T extends TensorOps<T>> T dstack(List<T> tensors) {
    return cat(tensors.stream().map(tensor -> atLeast(3, tensor)).toList(), 2);
  }

  /// Operands side by side, one with a single axis as a column.
  static <T extends TensorOps<T>> T columnStack(List<T> tensors) {
    return hstack(
        tensors.stream()
            .map(tensor ->
                tensor.spec().rank() < 2 ? tensor.reshape(tensor.spec().numel(), 1) : tensor)
            .toList());
  }

  private static <T extends TensorOps<T>> T atLeast(int rank, T x) {
    return switch (Math.max(0, rank - x.spec().rank())) {
      case 0 -> x;
      case 1 -> rank == 3 ? x.unsqueeze(2) : x.unsqueeze(0);
      case 2 -> rank == 3 ? x.reshape(1, x.spec().numel(), 1) : x.reshape(1, 1);
      default -> x.reshape(1, 1, 1);
    };
  }

  /// Which axes the first two operands of [#meshgrid(List, Grid)] vary along.
  enum Grid {
    /// The first along axis 0: rows and columns.
    IJ,
    /// The first along axis 1: the plane of a picture.
    XY
  }

  /// Coordinates of a grid: each operand, which has one axis or none, expanded along those of the
  /// others.
  static <T extends TensorOps<T>> List<T> meshgrid(List<T> tensors, Grid axes) {
    if (axes == Grid.XY && tensors.size() >= 2) {
      List<T> swapped = new ArrayList<>(tensors);
      Collections.swap(swapped, 0, 1);
      List<T> grids = new ArrayList<>(meshgrid(swapped, Grid.IJ));
      Collections.swap(grids, 0, 1);
      return grids;
    }
    for (T tensor : tensors) {
      if (tensor.spec().rank() > 1) {
        throw new ShapeException(
            "meshgrid: an operand is %s; expected one axis or none"
                .formatted(tensor.spec().shape()));
      }
    }
    Shape grid = Shape.of(tensors.stream().map(tensor -> tensor.spec().numel()).toList());
    return IntStream.range(0, tensors.size())
        .mapToObj(i -> tensors.get(i).reshape(Positions.alone(grid, i)).expand(grid))
        .toList();
  }

  /// Operands expanded to the shape that all of them broadcast to.
  static <T extends TensorOps<T>> List<T> broadcastTensors(List<T> tensors) {
    Shape common = Shape.SCALAR;
    for (T tensor : tensors) {
      common = Shape.broadcast(common, tensor.spec().shape(), "broadcastTensors");
    }
    Shape shape = common;
    return tensors.stream().map(tensor -> tensor.expand(shape)).toList();
  }

  /// All tuples of one element of each operand, one a row.
  static <T extends TensorOps<T>> T cartesianProduct(List<T> tensors) {
    if (tensors.size() == 1) {
      return tensors.getFirst();
    }
    return stack(meshgrid(tensors, Grid.IJ).stream().map(ViewOps::flatten).toList(), 1);
  }

  /// A margin of zeros: widths before and after, in pairs from the last axis; negative ones crop.
  default T pad(long... widths) {
    return pad(Scalar.of(0L), widths);
  }

  /// A margin of one value: widths before and after, in pairs from the last axis; negative ones
  /// crop.
  default T pad(Scalar value, long... widths) {
    int rank = spec().rank();
    checkPairs(widths);
    List<Long> before = new ArrayList<>(Collections.nCopies(rank, 0L));
    List<Long> after = new ArrayList<>(before);
    for (int pair = 0; pair < widths.length / 2; pair++) {
      before.set(rank - 1 - pair, widths[2 * pair]);
      after.set(rank - 1 - pair, widths[2 * pair + 1]);
    }
    return call(new Pad(before, after, value), List.of(self()));
  }

  /// A margin taken from the elements themselves: widths before and after, in pairs from the last
  /// axis; negative ones crop.
  default T pad(Pad.Mode mode, long... widths) {
    checkPairs(widths);
    T result = self();
    for (int pair = 0; pair < widths.length / 2; pair++) {
      int axis = spec().rank() - 1 - pair;
      long size = spec().shape().size(axis);
      long before = widths[2 * pair];
      long after = widths[2 * pair + 1];
      long limit =
          switch (mode) {
            case REFLECT -> size - 1;
            case REPLICATE -> Long.MAX_VALUE;
            case CIRCULAR -> size;
          };
      if (Math.max(before, after) > limit || size == 0 || size + before + after < 0) {
        throw new ShapeException(
            "pad: widths %s and %s do not fit axis %s of %s by %s; expected at most %s"
                .formatted(before, after, axis, spec().shape(), mode, limit));
      }
      if (before != 0 || after != 0) {
        long padded = size + before + after;
        result = Positions.along(result, axis, padded, at -> source(mode, at, before, size));
      }
    }
    return result == self() ? copy(result) : result;
  }

  /// Which element a padded axis takes at `at`.
  private static Expr source(Pad.Mode mode, Expr at, long before, long size) {
    Expr from = Exprs.sub(at, number(before));
    return switch (mode) {
      case REPLICATE -> Exprs.max(Exprs.min(from, number(size - 1)), number(0));
      case CIRCULAR -> Exprs.remainder(from, number(size));
      case REFLECT -> {
        Expr distance = Exprs.abs(from);
        Expr mirrored = Exprs.sub(number(2 * (size - 1)), distance);
        yield Exprs.where(Exprs.lt(distance, number(size)), distance, mirrored);
      }
    };
  }

  private void checkPairs(long... widths) {
    if (widths.length % 2 != 0 || widths.length > 2 * spec().rank()) {
      throw new ShapeException(
          "pad: %s widths for %s; expected a pair for each padded axis, at most %s"
              .formatted(widths.length, spec().shape(), 2 * spec().rank()));
    }
  }

  /// The elements of the named axes in the opposite order.
  default T flip(int... axes) {
    Shape shape = spec().shape();
    List<Integer> flipped = Axes.distinct(shape, axes, "flip");
    if (axes.length == 0 || shape.rank() == 0) {
      return copy(self());
    }
    T result = self();
    for (int axis : flipped) {
      long last = shape.size(axis) - 1;
      result = Positions.along(result, axis, last + 1, at -> Exprs.sub(number(last), at));
    }
    return result;
  }

  /// [#flip(int...)] of axis 1.
  default T fliplr() {
    return flip(1);
  }

  /// [#flip(int...)] of axis 0.
  default T flipud() {
    return flip(0);
  }

  /// All elements moved on by `shift` in row-major order; those that leave at the end return at the
  /// start.
  default T roll(long shift) {
    return self().flatten().roll(shift, 0).reshape(spec().shape());
  }

  /// The elements of one axis moved on by `shift`; those that leave at the end return at the start.
  default T roll(long shift, int axis) {
    int at = Axes.existing(spec().shape(), axis, "roll");
    long size = spec().shape().size(at);
    return Positions.along(
        self(),
        at,
        size,
        to -> Exprs.remainder(Exprs.sub(to, number(shift)), number(Math.max(1, size))));
  }

  /// [#roll(long, int)] for each axis in turn.
  default T roll(long[] shifts, int[] axes) {
    if (shifts.length != axes.length) {
      throw new ShapeException(
          "roll: %s shifts for %s axes; there must be as many"
              .formatted(shifts.length, axes.length));
    }
    T result = self();
    for (int i = 0; i < axes.length; i++) {
      result = result.roll(shifts[i], axes[i]);
    }
    return result;
  }

  /// `quarters` quarter turns in the plane of two axes, from the first toward the second.
  default T rot90(int quarters, int from, int to) {
    Shape shape = spec().shape();
    Axes.distinct(shape, new int[] {from, to}, "rot90");
    return switch (Math.floorMod(quarters, 4)) {
      case 1 -> flip(to).transpose(from, to);
      case 2 -> flip(from, to);
      case 3 -> flip(from).transpose(from, to);
      default -> copy(self());
    };
  }

  /// The whole repeated along each axis; counts beyond the rank add axes in front.
  default T repeat(long... counts) {
    Shape shape = spec().shape();
    int added = counts.length - shape.rank();
    if (added < 0) {
      throw new ShapeException(
          "repeat: %s counts for %s; expected at least one for each axis"
              .formatted(counts.length, shape));
    }
    long[] apart = new long[2 * counts.length];
    long[] expanded = new long[2 * counts.length];
    long[] sizes = new long[counts.length];
    for (int i = 0; i < counts.length; i++) {
      long size = i < added ? 1 : shape.size(i - added);
      apart[2 * i] = 1;
      apart[2 * i + 1] = size;
      expanded[2 * i] = counts[i];
      expanded[2 * i + 1] = size;
      sizes[i] = counts[i] * size;
    }
    T tiles = self().reshape(Shape.of(apart)).expand(Shape.of(expanded));
    return copy(tiles).reshape(Shape.of(sizes));
  }

  /// The whole repeated along each axis; axes without a count, the first ones, stay.
  default T tile(long... counts) {
    int missing = Math.max(0, spec().rank() - counts.length);
    long[] all = new long[missing + counts.length];
    Arrays.fill(all, 0, missing, 1);
    System.arraycopy(counts, 0, all, missing, counts.length);
    return repeat(all);
  }

  /// Each element of `axis` repeated `count` times in place.
  default T repeatInterleave(long count, int axis) {
    Shape shape = spec().shape();
    int at = Axes.existing(shape, axis, "repeatInterleave");
    if (count < 0) {
      throw new IllegalArgumentException(
          "repeatInterleave: count %s is negative; expected at least 0".formatted(count));
    }
    T apart = self().unsqueeze(at + 1).expand(shape.insert(at + 1, count));
    return copy(apart).reshape(shape.with(at, shape.size(at) * count));
  }

  /// A copy in which the region that [ViewOps#select(int, long)] reads is `value`.
  default T selectScatter(T value, int axis, long index) {
    Shape shape = spec().shape();
    int at = Axes.existing(shape, axis, "selectScatter");
    long from = Axes.index(shape, at, index, "selectScatter");
    return place(new Slice(at, from, 1, 1), value.unsqueeze(at));
  }

  /// A copy in which the region that [ViewOps#slice(int, long, long, long)] reads is `value`.
  default T sliceScatter(T value, int axis, long start, long end, long step) {
    int at = Axes.existing(spec().shape(), axis, "sliceScatter");
    return place(Slice.clamped(spec().shape(), at, start, end, step), value);
  }

  /// A copy in which the diagonal that [ViewOps#diagonal(int, int, int)] reads is `value`.
  default T diagonalScatter(T value, int shift, int axis1, int axis2) {
    Shape shape = spec().shape();
    int first = Axes.existing(shape, axis1, "diagonalScatter");
    int second = Axes.existing(shape, axis2, "diagonalScatter");
    return place(new Diagonal(shift, first, second), value);
  }

  private T place(View view, T value) {
    return call(new Place(List.of(view), Place.Mode.SET), List.of(self(), value));
  }

  private static <T extends TensorOps<T>> T copy(T x) {
    return x.call(Copies.contiguous(x.spec().dtype()), List.of(x));
  }
}

package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// Operators that read the same elements with other sizes or in another order, without a copy (rule
/// VW-1).
///
/// Axes count from the end where they are negative. `view`, which refuses to copy where `reshape`
/// would, is a method of `Tensor`: only there is a layout to refuse (rule VW-3).
///
/// @param <T> what operators are applied to
public interface ViewOps<T extends TensorOps<T>> extends Value<T> {
  /// The same elements in row-major order with other sizes: a view where strides allow, else a copy
  /// (rule VW-2).
  default T reshape(Shape shape) {
    if (shape.equals(spec().shape())) {
      return self();
    }
    return call(new Reshape(shape), List.of(self()));
  }

  /// The same elements in row-major order with other sizes, one of which may be -1 for whatever is
  /// left (rule VW-3).
  default T reshape(long... sizes) {
    return reshape(Reshape.of(spec().shape(), sizes).shape());
  }

  /// This with the shape of `other`.
  default T reshapeAs(T other) {
    return reshape(other.spec().shape());
  }

  /// Axes in another order: axis `i` of the result is axis `axes[i]` of this.
  default T permute(int... axes) {
    Shape shape = spec().shape();
    if (axes.length != shape.rank()) {
      throw new ShapeException(
          "permute: %s names %s axes; %s has %s"
              .formatted(Arrays.toString(axes), axes.length, shape, shape.rank()));
    }
    return call(new Permute(Axes.distinct(shape, axes, "permute")), List.of(self()));
  }

  /// Two axes exchanged.
  default T transpose(int a, int b) {
    Shape shape = spec().shape();
    int first = shape.axis(a, "transpose");
    int second = shape.axis(b, "transpose");
    int[] order = IntStream.range(0, shape.rank()).toArray();
    if (order.length > 0) {
      order[first] = second;
      order[second] = first;
    }
    return permute(order);
  }

  /// Another name of [#transpose(int, int)].
  default T swapAxes(int a, int b) {
    return transpose(a, b);
  }

  /// A matrix transposed; a tensor with fewer axes stays (rule VW-5).
  ///
  /// @throws ShapeException if there are more than two axes
  default T t() {
    Shape shape = spec().shape();
    if (shape.rank() > 2) {
      throw new ShapeException(
          "t: %s has more than two axes; mT() transposes the last two, permute any"
              .formatted(shape));
    }
    return shape.rank() < 2 ? self() : transpose(0, 1);
  }

  /// Matrices along the last two axes, transposed.
  default T mT() {
    Shape shape = spec().shape();
    if (shape.rank() < 2) {
      throw new ShapeException("mT: %s is no matrix; it needs at least two axes".formatted(shape));
    }
    return transpose(-2, -1);
  }

  /// One axis moved to another place; the others keep their order.
  default T moveAxis(int source, int destination) {
    return moveAxes(new int[] {source}, new int[] {destination});
  }

  /// Axis `source[i]` moved to place `destination[i]`; the others keep their order.
  default T moveAxes(int[] source, int[] destination) {
    Shape shape = spec().shape();
    if (source.length != destination.length) {
      throw new ShapeException(
          "moveAxes: %s axes for %s places; there must be as many"
              .formatted(source.length, destination.length));
    }
    List<Integer> from = Axes.distinct(shape, source, "moveAxes");
    List<Integer> to = Axes.distinct(shape, destination, "moveAxes");
    int[] order = new int[shape.rank()];
    int[] others = IntStream.range(0, order.length).filter(axis -> !from.contains(axis)).toArray();
    int next = 0;
    for (int place = 0; place < order.length; place++) {
      int moved = to.indexOf(place);
      order[place] = moved < 0 ? others[next++] : from.get(moved);
    }
    return permute(order);
  }

  /// This repeated along axes of size 1, without a copy (rule VW-4).
  default T expand(Shape shape) {
    if (shape.equals(spec().shape())) {
      return self();
    }
    return call(new Expand(shape), List.of(self()));
  }

  /// This repeated along axes of size 1, without a copy; -1 keeps the size of an axis that exists
  /// (rule VW-4).
  default T expand(long... sizes) {
    Shape shape = spec().shape();
    int added = sizes.length - shape.rank();
    long[] target = sizes.clone();
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == -1) {
        if (i < added) {
          throw new ShapeException(
              ("expand: -1 at new axis %s of %s; only axes of the operand %s can keep their "
                      + "size")
                  .formatted(i, Arrays.toString(sizes), shape));
        }
        target[i] = shape.size(i - added);
      }
    }
    return expand(Shape.of(target));
  }

  /// This expanded to the shape of `other`.
  default T expandAs(T other) {
    return expand(other.spec().shape());
  }

  /// Another name of [#expand(Shape)].
  default T broadcastTo(Shape shape) {
    return expand(shape);
  }

  /// This without its axes of size 1.
  default T squeeze() {
    long[] sizes = Arrays.stream(spec().shape().toArray()).filter(size -> size != 1).toArray();
    return call(new Reshape(Shape.of(sizes)), List.of(self()));
  }

  /// This without those of the named axes that have size 1; the others stay (rule VW-5).
  default T squeeze(int... axes) {
    Shape shape = spec().shape();
    List<Integer> named = Axes.distinct(shape, axes, "squeeze");
    long[] sizes =
        IntStream.range(0, shape.rank())
            .filter(axis -> shape.size(axis) != 1 || !named.contains(axis))
            .mapToLong(shape::size)
            .toArray();
    return call(new Reshape(Shape.of(sizes)), List.of(self()));
  }

  /// This with a new axis of size 1 before `axis`; -1 adds it at the end.
  default T unsqueeze(int axis) {
    Shape shape = spec().shape();
    int at = Axes.insertion(shape, axis, "unsqueeze");
    return call(new Reshape(shape.insert(at, 1)), List.of(self()));
  }

  /// All elements as one axis.
  default T flatten() {
    return reshape(Shape.of(spec().numel()));
  }

  /// The axes from `start` to `end`, inclusive, as one.
  default T flatten(int start, int end) {
    Shape shape = spec().shape();
    int first = shape.axis(start, "flatten");
    int last = shape.axis(end, "flatten");
    if (first > last) {
      throw new ShapeException(
          "flatten: start %s is after end %s of %s".formatted(first, last, shape));
    }
    if (shape.rank() == 0) {
      return flatten();
    }
    Shape merged = Shape.of(shape.slice(first, last + 1).numel());
    return reshape(
        shape.slice(0, first).concat(merged).concat(shape.slice(last + 1, shape.rank())));
  }

  /// One axis as several, of which one size may be -1: the inverse of [#flatten(int, int)].
  default T unflatten(int axis, long... sizes) {
    Shape shape = spec().shape();
    int at = Axes.existing(shape, axis, "unflatten");
    Shape parts = Reshape.of(Shape.of(shape.size(at)), sizes).shape();
    if (parts.numel() != shape.size(at)) {
      throw new ShapeException(
          "unflatten: %s do not multiply to the size of axis %s of %s"
              .formatted(Arrays.toString(sizes), at, shape));
    }
    return reshape(shape.slice(0, at).concat(parts).concat(shape.slice(at + 1, shape.rank())));
  }

  /// `length` elements of `axis` from `start`, which may count from the end.
  default T narrow(int axis, long start, long length) {
    Shape shape = spec().shape();
    int at = Axes.existing(shape, axis, "narrow");
    long first = start < 0 ? start + shape.size(at) : start;
    if (first < 0 || length < 0 || first + length > shape.size(at)) {
      throw new ShapeException(
          "narrow: start %s and length %s leave axis %s of %s".formatted(start, length, at, shape));
    }
    return call(new Slice(at, first, length, 1), List.of(self()));
  }

  /// The elements at one index of `axis`, which goes away (rule IX-1).
  default T select(int axis, long index) {
    Shape shape = spec().shape();
    int at = Axes.existing(shape, axis, "select");
    long first = Axes.index(shape, at, index, "select");
    T row = call(new Slice(at, first, 1, 1), List.of(self()));
    return row.call(new Reshape(shape.without(at)), List.of(row));
  }

  /// The elements of `axis` from `start` to `end`, exclusive; bounds outside the axis are moved
  /// into it (rule IX-2).
  default T slice(int axis, long start, long end) {
    return slice(axis, start, end, 1);
  }

  /// Every `step`-th element of `axis` from `start` to `end`, exclusive; bounds outside the axis
  /// are moved into it (rule IX-2).
  ///
  /// @throws IllegalArgumentException if the step is not positive
  default T slice(int axis, long start, long end, long step) {
    int at = Axes.existing(spec().shape(), axis, "slice");
    return call(Slice.clamped(spec().shape(), at, start, end, step), List.of(self()));
  }

  /// Sliding windows of `size` elements along `axis`, `step` apart; the window becomes a last axis.
  default T unfold(int axis, long size, long step) {
    return call(new Window(spec().shape().axis(axis, "unfold"), size, step), List.of(self()));
  }

  /// The main diagonal of the first two axes, as a last axis.
  default T diagonal() {
    return diagonal(0, 0, 1);
  }

  /// The diagonal of two axes as a last axis, above the main one where `shift` is positive.
  default T diagonal(int shift, int axis1, int axis2) {
    Shape shape = spec().shape();
    int first = Axes.existing(shape, axis1, "diagonal");
    int second = Axes.existing(shape, axis2, "diagonal");
    return call(new Diagonal(shift, first, second), List.of(self()));
  }

  /// Pieces of `size` elements along `axis`; the last may be smaller (rule VW-7).
  default List<T> split(long size, int axis) {
    Shape shape = spec().shape();
    int at = Axes.existing(shape, axis, "split");
    long extent = shape.size(at);
    if (size < 0 || size == 0 && extent != 0) {
      throw new ShapeException(
          "split: pieces of %s for axis %s of %s; a size must be positive"
              .formatted(size, at, shape));
    }
    long pieces = size == 0 ? 1 : Math.max(1, Math.ceilDiv(extent, size));
    long[] sizes =
        LongStream.range(0, pieces).map(i -> Math.min(size, extent - i * size)).toArray();
    return split(sizes, at);
  }

  /// Pieces of the given sizes along `axis`; the sizes must sum to its own (rule VW-7).
  default List<T> split(long[] sizes, int axis) {
    Shape shape = spec().shape();
    int at = Axes.existing(shape, axis, "split");
    if (LongStream.of(sizes).sum() != shape.size(at)
        || LongStream.of(sizes).anyMatch(size -> size < 0)) {
      throw new ShapeException(
          "split: sizes %s do not sum to the size of axis %s of %s"
              .formatted(Arrays.toString(sizes), at, shape));
    }
    List<T> pieces = new ArrayList<>(sizes.length);
    long start = 0;
    for (long size : sizes) {
      pieces.add(narrow(at, start, size));
      start += size;
    }
    return pieces;
  }

  /// At most `chunks` pieces of equal size along `axis`, but for a smaller last one (rule VW-7).
  default List<T> chunk(int chunks, int axis) {
    Shape shape = spec().shape();
    int at = Axes.existing(shape, axis, "chunk");
    if (chunks < 1) {
      throw new IllegalArgumentException("chunk: %s chunks; expected at least 1".formatted(chunks));
    }
    long extent = shape.size(at);
    return extent == 0 ? split(new long[chunks], at) : split(Math.ceilDiv(extent, chunks), at);
  }

  /// Exactly `sections` pieces along `axis`, the first ones larger by one where it does not divide
  /// (rule VW-7).
  default List<T> tensorSplit(int sections, int axis) {
    Shape shape = spec().shape();
    int at = Axes.existing(shape, axis, "tensorSplit");
    if (sections < 1) {
      throw new IllegalArgumentException(
          "tensorSplit: %s sections; expected at least 1".formatted(sections));
    }
    long extent = shape.size(at);
    long small = extent / sections;
    long larger = extent % sections;
    long[] sizes = LongStream.range(0, sections).map(i -> i < larger ? small + 1 : small).toArray();
    return split(sizes, at);
  }

  /// The pieces of `axis` between the given indices, which are bounds as of [#slice(int, long,
  /// long)].
  default List<T> tensorSplit(long[] indices, int axis) {
    int at = Axes.existing(spec().shape(), axis, "tensorSplit");
    List<T> pieces = new ArrayList<>(indices.length + 1);
    long start = 0;
    for (long end : indices) {
      pieces.add(slice(at, start, end));
      start = end;
    }
    pieces.add(slice(at, start, Long.MAX_VALUE));
    return pieces;
  }

  /// The elements at each index of `axis`, which goes away.
  default List<T> unbind(int axis) {
    Shape shape = spec().shape();
    int at = Axes.existing(shape, axis, "unbind");
    List<T> pieces = new ArrayList<>();
    for (long i = 0; i < shape.size(at); i++) {
      pieces.add(select(at, i));
    }
    return pieces;
  }
}

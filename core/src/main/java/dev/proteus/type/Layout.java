package dev.proteus.type;

import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import java.util.Arrays;
import java.util.Optional;

/// How the elements of a tensor lie in its storage: sizes, strides and offset, counted in elements.
/// A value.
///
/// Strides are never negative. Views are functions from layout to layout; no kernel knows them.
public final class Layout {
  private final Shape shape;
  private final long[] strides;
  private final long offset;
  private final boolean contiguous;

  private Layout(Shape shape, long[] strides, long offset) {
    this.shape = shape;
    this.strides = strides;
    this.offset = offset;
    this.contiguous = isRowMajor(shape, strides);
  }

  /// Row-major, without gaps, from the start of the storage.
  public static Layout contiguous(Shape shape) {
    return new Layout(shape, rowMajor(shape), 0);
  }

  /// Any strides.
  ///
  /// @throws ShapeException if the ranks differ or a stride or the offset is negative
  public static Layout of(Shape shape, long[] strides, long offset) {
    if (strides.length != shape.rank()
        || offset < 0
        || Arrays.stream(strides).anyMatch(s -> s < 0)) {
      throw new ShapeException(
          "layout: strides "
              + Arrays.toString(strides)
              + ", offset "
              + offset
              + " do not fit "
              + shape
              + "; one stride per axis, none negative");
    }
    return new Layout(shape, strides.clone(), offset);
  }

  private static long[] rowMajor(Shape shape) {
    long[] strides = new long[shape.rank()];
    long stride = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= Math.max(1, shape.size(axis));
    }
    return strides;
  }

  private static boolean isRowMajor(Shape shape, long[] strides) {
    long expected = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      long size = shape.size(axis);
      if (size != 1) {
        if (strides[axis] != expected && shape.numel() > 0) {
          return false;
        }
        expected *= size;
      }
    }
    return true;
  }

  public Shape shape() {
    return shape;
  }

  /// Elements from the start of the storage to the first element.
  public long offset() {
    return offset;
  }

  public long stride(int axis) {
    return strides[shape.axis(axis, "stride")];
  }

  public long[] strides() {
    return strides.clone();
  }

  public int rank() {
    return strides.length;
  }

  public long numel() {
    return shape.numel();
  }

  /// Whether the elements follow each other in row-major order; axes of size 1 do not count (rule
  /// VW-5).
  public boolean isContiguous() {
    return contiguous;
  }

  /// Whether no two indices share an element and no element between the first and the last is left
  /// out: a permuted contiguous layout.
  public boolean isDense() {
    return contiguous || shape.numel() == 0 || permute(byStride()).contiguous;
  }

  /// Whether two different indices may name the same element, as after [#expand(Shape)]. Exact for
  /// layouts made of permuted, sliced and expanded axes; layouts of overlapping windows count as
  /// overlapping.
  public boolean overlapsItself() {
    if (contiguous || shape.numel() <= 1) {
      return false;
    }
    long reach = 0;
    int[] order = byStride();
    for (int i = order.length - 1; i >= 0; i--) {
      long size = shape.size(order[i]);
      if (size == 1) {
        continue;
      }
      if (strides[order[i]] <= reach) {
        return true;
      }
      reach += strides[order[i]] * (size - 1);
    }
    return false;
  }

  /// Axes from the largest stride to the smallest; equal strides keep their order.
  public int[] byStride() {
    Integer[] order = new Integer[strides.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Long.compare(strides[b], strides[a]));
    return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }

  /// Elements of storage this layout needs: the index of its last element plus one, or 0 when
  /// empty.
  public long span() {
    if (shape.numel() == 0) {
      return 0;
    }
    long last = offset;
    for (int axis = 0; axis < strides.length; axis++) {
      last += strides[axis] * (shape.size(axis) - 1);
    }
    return last + 1;
  }

  /// The layout of a new tensor of this shape with the same order of axes, dense and from offset 0
  /// (rule BC-4).
  public Layout densePermutation() {
    if (contiguous) {
      return offset == 0 ? this : contiguous(shape);
    }
    int[] order = byStride();
    long[] dense = new long[strides.length];
    long stride = 1;
    for (int i = order.length - 1; i >= 0; i--) {
      dense[order[i]] = stride;
      stride *= Math.max(1, shape.size(order[i]));
    }
    return new Layout(shape, dense, 0);
  }

  /// Axis `i` of the result is axis `axes[i]` of this.
  public Layout permute(int... axes) {
    long[] sizes = new long[axes.length];
    long[] moved = new long[axes.length];
    boolean[] seen = new boolean[strides.length];
    if (axes.length != strides.length) {
      throw new ShapeException(
          "permute: "
              + Arrays.toString(axes)
              + " has "
              + axes.length
              + " axes, the tensor "
              + shape
              + " has "
              + strides.length);
    }
    for (int i = 0; i < axes.length; i++) {
      int axis = shape.axis(axes[i], "permute");
      if (seen[axis]) {
        throw new ShapeException("permute: axis " + axis + " twice in " + Arrays.toString(axes));
      }
      seen[axis] = true;
      sizes[i] = shape.size(axis);
      moved[i] = strides[axis];
    }
    return new Layout(Shape.of(sizes), moved, offset);
  }

  /// This layout read as `target` by repeating axes of size 1 with stride 0 (rule VW-4).
  public Layout expand(Shape target) {
    if (target.equals(shape)) {
      return this;
    }
    if (!shape.expandsTo(target)) {
      throw new ShapeException(
          "expand: "
              + shape
              + " does not expand to "
              + target
              + "; aligned at the right, sizes must be equal or 1");
    }
    int added = target.rank() - strides.length;
    long[] expanded = new long[target.rank()];
    for (int i = 0; i < strides.length; i++) {
      expanded[i + added] = shape.size(i) == target.size(i + added) ? strides[i] : 0;
    }
    return new Layout(target, expanded, offset);
  }

  /// `length` elements of `axis` from `start`, every `step`-th.
  public Layout slice(int axis, long start, long length, long step) {
    int at = shape.axis(axis, "slice");
    if (start < 0
        || length < 0
        || step < 1
        || length > 0 && start + (length - 1) * step >= shape.size(at)) {
      throw new TensorIndexException(
          "slice: start "
              + start
              + ", length "
              + length
              + ", step "
              + step
              + " leave axis "
              + at
              + " of "
              + shape);
    }
    long[] sliced = strides.clone();
    sliced[at] *= step;
    long first = length == 0 ? offset : offset + start * strides[at];
    return new Layout(shape.with(at, length), sliced, first);
  }

  /// Sliding windows of `size` elements along `axis`, `step` apart; the window becomes a last axis.
  public Layout window(int axis, long size, long step) {
    int at = shape.axis(axis, "window");
    long extent = strides.length == 0 ? 1 : shape.size(at);
    if (size < 0 || step < 1 || size > extent) {
      throw new ShapeException(
          "window: size " + size + ", step " + step + " do not fit axis " + at + " of " + shape);
    }
    if (strides.length == 0) {
      return new Layout(Shape.of(size), new long[] {1}, offset);
    }
    long[] windowed = Arrays.copyOf(strides, strides.length + 1);
    windowed[at] = strides[at] * step;
    windowed[strides.length] = strides[at];
    Shape result = shape.with(at, (extent - size) / step + 1).concat(Shape.of(size));
    return new Layout(result, windowed, offset);
  }

  /// The elements of the one axis of this read with any strides: the first at `start`, the others
  /// at `start` plus the sum of index times stride (rule VW-6).
  ///
  /// @throws ShapeException if an element would lie outside the axis
  public Layout strided(Shape target, long[] steps, long start) {
    if (strides.length != 1) {
      throw new ShapeException("asStrided: " + shape + " must have one axis");
    }
    Layout inner = of(target, steps, start);
    if (!inner.isWithin(shape.size(0))) {
      throw new ShapeException(
          "asStrided: "
              + inner
              + " reads beyond the storage, which has "
              + shape.size(0)
              + " elements (rule VW-6)");
    }
    long[] scaled = new long[steps.length];
    for (int i = 0; i < steps.length; i++) {
      scaled[i] = target.size(i) > 1 ? steps[i] * strides[0] : steps[i];
    }
    return new Layout(target, scaled, offset + start * strides[0]);
  }

  /// Whether the last element has an index below `size`, without overflow.
  private boolean isWithin(long size) {
    if (shape.numel() == 0) {
      return offset <= size;
    }
    long left = size - 1 - offset;
    for (int axis = 0; axis < strides.length && left >= 0; axis++) {
      long steps = shape.size(axis) - 1;
      left = steps > 0 && strides[axis] > left / steps ? -1 : left - steps * strides[axis];
    }
    return left >= 0;
  }

  /// The same bytes read as elements of `to` bytes instead of `from`: the last axis grows or
  /// shrinks (rule VW-6).
  ///
  /// @throws ShapeException if the elements of the last axis do not lie side by side, or sizes,
  ///   strides or offset do not divide
  public Layout reinterpret(int from, int to) {
    if (from == to) {
      return this;
    }
    int last = strides.length - 1;
    if (last < 0 || shape.size(last) > 1 && strides[last] != 1) {
      throw notInBytes(from, to, "it needs a last axis with stride 1");
    }
    long[] changed = new long[strides.length];
    for (int axis = 0; axis < last; axis++) {
      changed[axis] = shape.size(axis) == 1 ? 0 : rescaled(strides[axis], from, to);
    }
    changed[last] = 1;
    long size = rescaled(shape.size(last), from, to);
    return new Layout(shape.with(last, size), changed, rescaled(offset, from, to));
  }

  private long rescaled(long count, int from, int to) {
    if (count * from % to != 0) {
      throw notInBytes(from, to, "last size, offset and strides must be multiples of " + to / from);
    }
    return count * from / to;
  }

  private ShapeException notInBytes(int from, int to, String wanted) {
    return new ShapeException(
        "view: %s cannot be read in elements of %s bytes instead of %s: %s (rule VW-6)"
            .formatted(this, to, from, wanted));
  }

  /// The diagonal of two axes as a last axis; `shift` > 0 is above the main one.
  public Layout diagonal(int shift, int axis1, int axis2) {
    int first = shape.axis(axis1, "diagonal");
    int second = shape.axis(axis2, "diagonal");
    if (first == second || strides.length < 2) {
      throw new ShapeException(
          "diagonal: needs two different axes of " + shape + ", got " + axis1 + " and " + axis2);
    }
    long length =
        Math.max(
            0,
            shift >= 0
                ? Math.min(shape.size(first), shape.size(second) - shift)
                : Math.min(shape.size(first) + shift, shape.size(second)));
    long start = shift >= 0 ? shift * strides[second] : -shift * strides[first];
    long[] sizes = new long[strides.length - 1];
    long[] moved = new long[strides.length - 1];
    int at = 0;
    for (int axis = 0; axis < strides.length; axis++) {
      if (axis != first && axis != second) {
        sizes[at] = shape.size(axis);
        moved[at++] = strides[axis];
      }
    }
    sizes[at] = length;
    moved[at] = strides[first] + strides[second];
    return new Layout(Shape.of(sizes), moved, length == 0 ? offset : offset + start);
  }

  /// The same elements in the same order with other sizes, where strides allow it (rule VW-3);
  /// empty where only a copy can.
  public Optional<Layout> reshape(Shape target) {
    if (target.numel() != shape.numel()) {
      throw new ShapeException(
          "reshape: "
              + target
              + " has "
              + target.numel()
              + " elements, "
              + shape
              + " has "
              + shape.numel());
    }
    if (target.equals(shape)) {
      return Optional.of(this);
    }
    if (contiguous) {
      return Optional.of(new Layout(target, rowMajor(target), offset));
    }
    return Reshaping.strides(shape, strides, target).map(s -> new Layout(target, s, offset));
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof Layout layout
            && offset == layout.offset
            && shape.equals(layout.shape)
            && Arrays.equals(strides, layout.strides);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * shape.hashCode() + Arrays.hashCode(strides)) + Long.hashCode(offset);
  }

  @Override
  public String toString() {
    return shape + " strides " + Arrays.toString(strides) + " offset " + offset;
  }
}

package dev.proteus.op;

import static dev.proteus.op.Positions.number;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// A list of indices applied to a tensor: a chain of views for numbers, slices and new axes, which
/// leads to a region, and what is left for index tensors within it.
///
/// Numbers are applied first, as PyTorch does and NumPy does not (rule IX-4).
public final class Indexing<T extends TensorOps<T>> {
  /// Axes of the region that a tensor of indices, or a mask over all of them, picks from.
  private record Pick<T>(int axis, int span, T tensor) {}

  private final T base;
  private final List<View> path = new ArrayList<>();
  private final List<Pick<T>> picks = new ArrayList<>();
  private T region;
  private int axis;

  /// Takes `indices` apart.
  ///
  /// @throws TensorIndexException if they do not fit the tensor
  public Indexing(T base, List<Index<T>> indices) {
    this.base = base;
    this.region = base;
    int left = base.spec().rank() - consumed(indices);
    if (left < 0) {
      throw new TensorIndexException(
          "index: the indices need %s axes, %s has %s"
              .formatted(consumed(indices), base.spec().shape(), base.spec().rank()));
    }
    for (Index<T> index : indices) {
      switch (index) {
        case Index.At<T>(long at) -> select(at);
        case Index.Range<T>(long start, long end, long step) -> {
          view(Slice.clamped(region.spec().shape(), axis, start, end, step));
          axis++;
        }
        case Index.Ellipsis<T> _ -> axis += left;
        case Index.NewAxis<T> _ -> insertAxis();
        case Index.Elements<T>(T tensor) -> pick(tensor);
      }
    }
  }

  private int consumed(List<Index<T>> indices) {
    int axes = 0;
    int ellipses = 0;
    for (Index<T> index : indices) {
      switch (index) {
        case Index.At<T> _, Index.Range<T> _ -> axes++;
        case Index.NewAxis<T> _ -> {}
        case Index.Ellipsis<T> _ -> ellipses++;
        case Index.Elements<T>(T tensor) -> axes += isMask(tensor) ? tensor.spec().rank() : 1;
      }
    }
    if (ellipses > 1) {
      throw new TensorIndexException(
          "index: there are %s ellipses; only one can stand for the axes left over"
              .formatted(ellipses));
    }
    return axes;
  }

  private void view(View view) {
    region = region.call(view, List.of(region));
    path.add(view);
  }

  private void select(long at) {
    Shape shape = region.spec().shape();
    view(new Slice(axis, Axes.index(shape, axis, at, "index"), 1, 1));
    view(new Reshape(shape.without(axis)));
  }

  private void insertAxis() {
    view(new Reshape(region.spec().shape().insert(axis, 1)));
    axis++;
  }

  private void pick(T tensor) {
    DType dtype = tensor.spec().dtype();
    if (dtype.isFloating()) {
      throw new TensorIndexException(
          "index: an index tensor is %s; expected integers, or bool for a mask (rule IX-3)"
              .formatted(dtype));
    }
    if (isMask(tensor)) {
      mask(tensor.to(DType.BOOL));
    } else if (tensor.spec().rank() == 0) {
      select(tensor.itemLong());
    } else {
      picks.add(new Pick<>(axis++, 1, tensor));
    }
  }

  private static boolean isMask(TensorOps<?> tensor) {
    DType dtype = tensor.spec().dtype();
    return dtype == DType.BOOL || dtype == DType.UINT8;
  }

  /// A mask without axes is one over a new axis (rule IX-5).
  private void mask(T mask) {
    int span = mask.spec().rank();
    if (span == 0) {
      insertAxis();
      picks.add(new Pick<>(axis - 1, 1, mask.reshape(1)));
      return;
    }
    Shape masked = region.spec().shape().slice(axis, axis + span);
    if (!masked.equals(mask.spec().shape())) {
      throw new TensorIndexException(
          "index: a mask is %s, the axes it stands for are %s; they must be equal (rule IX-5)"
              .formatted(mask.spec().shape(), masked));
    }
    picks.add(new Pick<>(axis, span, mask));
    axis += span;
  }

  /// What the views read: all that is read or written lies in it.
  public T region() {
    return region;
  }

  /// Whether there are no index tensors, so that the region is all that is read.
  public boolean isView() {
    return picks.isEmpty();
  }

  /// What the indices read.
  T read() {
    return isView() ? region : new Lines().read();
  }

  /// The base with `value` written to, or added at, what the indices read (rule IX-6).
  T written(T value, Place.Mode mode) {
    if (isView()) {
      return base.call(new Place(path, mode), List.of(base, filling(value)));
    }
    T changed = changed(value, mode);
    return path.isEmpty()
        ? changed
        : base.call(new Place(path, Place.Mode.SET), List.of(base, changed));
  }

  /// A value converted and expanded to fill a region without index tensors.
  public T filling(T value) {
    return fitted(value.to(base.spec().dtype()), region.spec().shape());
  }

  /// The region with `value` written to, or added at, what its index tensors pick.
  public T changed(T value, Place.Mode mode) {
    if (isFill(value, mode)) {
      return filled(value);
    }
    Lines lines = new Lines();
    Write<T> write = lines.write(value, mode);
    return lines.restored(region.call(write.scatter(), write.operands()));
  }

  /// A write as one scatter into the first of its operands.
  public record Write<T>(Scatter scatter, List<T> operands) {}

  /// The write as one scatter into the region itself; empty where index tensors pick along several
  /// axes, or a mask is filled.
  public Optional<Write<T>> direct(T value, Place.Mode mode) {
    boolean hasOneAxis = picks.size() == 1 && picks.getFirst().span() == 1;
    return hasOneAxis && !isFill(value, mode)
        ? Optional.of(new Lines().write(value, mode))
        : Optional.empty();
  }

  /// One value at the places of one mask needs no list of places, and so nothing from the host.
  private boolean isFill(T value, Place.Mode mode) {
    requireSameType(value);
    return mode == Place.Mode.SET
        && picks.size() == 1
        && picks.getFirst().tensor().spec().dtype() == DType.BOOL
        && value.spec().numel() == 1;
  }

  private void requireSameType(T value) {
    if (value.spec().dtype() != base.spec().dtype()) {
      throw new DTypeException(
          ("indexPut: value is %s, the tensor %s; through index tensors they must be the same (rule"
                  + " IX-6)")
              .formatted(value.spec().dtype(), base.spec().dtype()));
    }
  }

  private T filled(T value) {
    Pick<T> pick = picks.getFirst();
    Shape shape = pick.tensor().spec().shape();
    for (int i = pick.axis() + pick.span(); i < region.spec().rank(); i++) {
      shape = shape.concat(Shape.of(1));
    }
    return value.reshape(Shape.SCALAR).where(pick.tensor().reshape(shape), region);
  }

  /// A value expanded to the indexed shape, without leading axes of size 1 it may have too many.
  private static <T extends TensorOps<T>> T fitted(T value, Shape target) {
    Shape shape = value.spec().shape();
    int extra = 0;
    while (shape.rank() - extra > target.rank() && shape.size(extra) == 1) {
      extra++;
    }
    Shape kept = shape.slice(extra, shape.rank());
    if (!kept.expandsTo(target)) {
      throw new ShapeException(
          "indexPut: value %s does not broadcast to the indexed shape %s".formatted(shape, target));
    }
    return value.reshape(kept).expand(target);
  }

  /// The region with all picked axes merged into one, along which a gather reads and a scatter
  /// writes.
  private final class Lines {
    private final Permute order;
    private final Shape permuted;
    private final int at;
    private final Shape picked;
    private final T merged;
    private final T positions;
    private final Shape result;

    Lines() {
      List<T> numbers = picks.stream().map(Indexing::numbers).toList();
      picked = broadcast(numbers);
      order = order();
      T moved = isAdjacent() ? region : region.call(order, List.of(region));
      permuted = moved.spec().shape();
      at = isAdjacent() ? picks.getFirst().axis() : 0;
      int end = at + picks.stream().mapToInt(Pick::span).sum();
      Shape before = permuted.slice(0, at);
      Shape after = permuted.slice(end, permuted.rank());
      Shape line = Shape.of(permuted.slice(at, end).numel());
      merged = moved.reshape(before.concat(line).concat(after));
      Shape target = merged.spec().shape().with(at, picked.numel());
      T flat = position(numbers).reshape(Positions.alone(target, at));
      positions = flat.expand(target);
      result = before.concat(picked).concat(after);
    }

    T read() {
      return merged.call(new Gather(at), List.of(merged, positions)).reshape(result);
    }

    Write<T> write(T value, Place.Mode mode) {
      Scatter.Mode way =
          switch (mode) {
            case SET -> Scatter.Mode.SET;
            case ADD -> Scatter.Mode.ADD;
          };
      T source = fitted(value, result).reshape(positions.spec().shape());
      return new Write<>(new Scatter(at, way), List.of(merged, positions, source));
    }

    /// Lines as a region again.
    T restored(T lines) {
      T axes = lines.reshape(permuted);
      return isAdjacent() ? axes : axes.call(order.inverse(), List.of(axes));
    }

    private Shape broadcast(List<T> numbers) {
      try {
        Shape shape = Shape.SCALAR;
        for (T number : numbers) {
          shape = Shape.broadcast(shape, number.spec().shape(), "index");
        }
        return shape;
      } catch (ShapeException e) {
        throw new TensorIndexException(e.getMessage() + " (rule IX-3)");
      }
    }

    /// Index tensors with a whole axis between them put their axes in front (rule IX-4).
    private boolean isAdjacent() {
      int next = picks.getFirst().axis();
      for (Pick<T> pick : picks) {
        if (pick.axis() != next) {
          return false;
        }
        next += pick.span();
      }
      return true;
    }

    private Permute order() {
      List<Integer> axes = new ArrayList<>();
      for (Pick<T> pick : picks) {
        IntStream.range(pick.axis(), pick.axis() + pick.span()).forEach(axes::add);
      }
      IntStream.range(0, region.spec().rank()).filter(a -> !axes.contains(a)).forEach(axes::add);
      return new Permute(axes);
    }

    /// Where each pick's line lies in the merged axis: one map over all index tensors. A sum with
    /// one index out of range could be another line's position, so there it is -1.
    private T position(List<T> numbers) {
      Expr sum = index(0, numbers);
      Expr fits = Positions.isInside(sum, size(0));
      for (int i = 1; i < picks.size(); i++) {
        Expr index = index(i, numbers);
        fits = Exprs.and(fits, Positions.isInside(index, size(i)));
        sum = Exprs.add(Exprs.mul(sum, number(size(i))), index);
      }
      Expr position = picks.size() == 1 ? sum : Exprs.where(fits, sum, number(-1));
      return region.call(Map.of("index", position), numbers);
    }

    private Expr index(int pick, List<T> numbers) {
      Expr given = Exprs.input(pick, numbers.get(pick).spec().dtype());
      return Positions.fromStart(Exprs.cast(DType.INT64, given), size(pick));
    }

    private long size(int number) {
      Pick<T> pick = picks.get(number);
      return region.spec().shape().slice(pick.axis(), pick.axis() + pick.span()).numel();
    }
  }

  /// The numbers that a pick takes along its axes as one.
  private static <T extends TensorOps<T>> T numbers(Pick<T> pick) {
    return pick.tensor().spec().dtype() == DType.BOOL
        ? pick.tensor().flatten().nonzero().squeeze(1)
        : pick.tensor();
  }
}

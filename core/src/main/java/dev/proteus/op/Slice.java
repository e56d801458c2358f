package dev.proteus.op;

import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Every `step`-th element of one axis.
///
/// @param axis axis from 0
/// @param start first index
/// @param length number of elements
/// @param step distance between elements, at least 1
public record Slice(int axis, long start, long length, long step) implements View {
  /// Every `step`-th element of an axis, given from 0, between bounds that are moved into it (rule
  /// IX-2).
  ///
  /// @throws IllegalArgumentException if the step is not positive
  public static Slice clamped(Shape shape, int axis, long start, long end, long step) {
    if (step < 1) {
      throw new IllegalArgumentException(
          "slice: step %s is not positive; flip reverses an axis".formatted(step));
    }
    long size = shape.size(axis);
    long first = Axes.bound(size, start);
    long length = Math.ceilDiv(Math.max(0, Axes.bound(size, end) - first), step);
    return new Slice(axis, first, length, step);
  }

  @Override
  public String name() {
    return "slice";
  }

  @Override
  public Layout apply(Layout layout) {
    return layout.slice(axis, start, length, step);
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    return Collections.singletonList(Place.gradient(List.of(this), Place.Mode.SET, g));
  }
}

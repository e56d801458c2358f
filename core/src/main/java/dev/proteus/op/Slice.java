package dev.proteus.op;

import dev.proteus.type.Layout;
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

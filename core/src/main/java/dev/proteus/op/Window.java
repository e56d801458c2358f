package dev.proteus.op;

import dev.proteus.type.Layout;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sliding windows along one axis; the window becomes a last axis. Convolution, pooling and unfold
/// are made of it.
///
/// @param axis axis from 0
/// @param size elements in a window
/// @param step distance between windows, at least 1
public record Window(int axis, long size, long step) implements View {
  @Override
  public String name() {
    return "window";
  }

  @Override
  public Layout apply(Layout layout) {
    return layout.window(axis, size, step);
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    return Collections.singletonList(Place.gradient(List.of(this), Place.Mode.ADD, g));
  }
}

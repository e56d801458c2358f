package dev.proteus.op;

import dev.proteus.type.Layout;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The diagonal of two axes, as a last axis.
///
/// @param shift 0 for the main diagonal, above it if positive
/// @param axis1 axis of rows, from 0
/// @param axis2 axis of columns, from 0
public record Diagonal(int shift, int axis1, int axis2) implements View {
  @Override
  public String name() {
    return "diagonal";
  }

  @Override
  public Layout apply(Layout layout) {
    return layout.diagonal(shift, axis1, axis2);
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    return Collections.singletonList(Place.gradient(List.of(this), Place.Mode.SET, g));
  }
}

package dev.proteus.op;

import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The same elements in row-major order with other sizes (rule VW-3).
///
/// @param shape the new sizes; their product is the number of elements
public record Reshape(Shape shape) implements View {
  @Override
  public String name() {
    return "reshape";
  }

  @Override
  public boolean fits(Layout layout) {
    return layout.reshape(shape).isPresent();
  }

  @Override
  public Layout apply(Layout layout) {
    return layout.reshape(shape).orElseThrow();
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    return Collections.singletonList(g.grad().reshape(g.spec(0).shape()));
  }
}

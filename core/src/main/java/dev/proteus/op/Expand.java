package dev.proteus.op;

import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The operand repeated along axes of size 1, without a copy (rule VW-4).
///
/// @param shape the new sizes; aligned at the right they equal the operand's or stand for a 1
public record Expand(Shape shape) implements View {
  @Override
  public String name() {
    return "expand";
  }

  @Override
  public Layout apply(Layout layout) {
    return layout.expand(shape);
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    return Collections.singletonList(g.grad().sumTo(g.spec(0).shape()));
  }
}

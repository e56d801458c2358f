package dev.proteus.op;

import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The elements of one axis read with any strides: `out[i, j, …] = x[offset + i·s₀ + j·s₁ + …]`. Of
/// elements that are read more than once the gradient is the sum (rule VW-6).
///
/// @param shape sizes of the result
/// @param strides for each axis of the result the distance between neighbours, from 0
/// @param offset place of the first element
public record AsStrided(Shape shape, List<Long> strides, long offset) implements View {
  public AsStrided {
    strides = List.copyOf(strides);
  }

  @Override
  public String name() {
    return "asStrided";
  }

  @Override
  public Layout apply(Layout layout) {
    return layout.strided(shape, strides.stream().mapToLong(Long::longValue).toArray(), offset);
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    return Collections.singletonList(Place.gradient(List.of(this), Place.Mode.ADD, g));
  }
}

package dev.proteus.op;

import dev.proteus.type.Layout;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Axes in another order.
///
/// @param axes axis `i` of the result is axis `axes[i]` of the operand, from 0
public record Permute(List<Integer> axes) implements View {
  public Permute {
    axes = List.copyOf(axes);
  }

  @Override
  public String name() {
    return "permute";
  }

  @Override
  public Layout apply(Layout layout) {
    return layout.permute(axes.stream().mapToInt(Integer::intValue).toArray());
  }

  /// The permutation that undoes this one.
  public Permute inverse() {
    Integer[] inverse = new Integer[axes.size()];
    for (int i = 0; i < inverse.length; i++) {
      inverse[axes.get(i)] = i;
    }
    return new Permute(Arrays.asList(inverse));
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T grad = g.grad();
    return Collections.singletonList(grad.call(inverse(), List.of(grad)));
  }
}

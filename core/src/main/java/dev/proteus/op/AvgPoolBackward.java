package dev.proteus.op;

import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The gradient of [AvgPool]: each gradient divided and added to all of its window.
///
/// Operand: g `[N, C, *out]`; the result is `[N, C, *spatial]`.
///
/// @param pool what is differentiated
/// @param spatial spatial sizes of the result
public record AvgPoolBackward(AvgPool pool, List<Long> spatial)
    implements Composite, Differentiable {
  public AvgPoolBackward {
    spatial = List.copyOf(spatial);
  }

  @Override
  public String name() {
    return pool.name() + "Backward";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Operands.floating(name(), inputs);
    TensorSpec g = inputs.getFirst();
    Operands.atLeast(name(), "g", g.shape(), 2);
    TensorSpec x = g.withShape(g.shape().slice(0, 2).concat(Shape.of(spatial)));
    Operands.shape(name(), "g", g.shape(), pool.infer(List.of(x)).getFirst().shape());
    return List.of(x);
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    T g = inputs.getFirst();
    Shape shape = g.spec().shape();
    T each = pool.divided(g, Shape.of(spatial));
    for (int i = 0; i < spatial.size(); i++) {
      each = each.unsqueeze(-1);
    }
    Shape kernel = Shape.of(pool.kernel().stream().mapToLong(Integer::longValue).toArray());
    T windows = each.expand(shape.concat(kernel));
    Shape out = shape.slice(2, shape.rank());
    return List.of(pool.sliding().overlay(windows, out, Shape.of(spatial)));
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.NONE;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    return Collections.singletonList(g.grad().call(pool, List.of(g.grad())));
  }
}

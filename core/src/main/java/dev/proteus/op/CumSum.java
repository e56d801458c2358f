package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.type.DType;
import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The running sum along an axis; that of halves is kept in float32 and rounded at the end.
///
/// @param axis axis from 0
/// @param direction from which end it runs
public record CumSum(int axis, Direction direction) implements Composite, Differentiable {
  /// From which end a running sum runs.
  public enum Direction {
    /// Each value is added to those before it.
    FORWARD,
    /// Each value is added to those after it.
    BACKWARD
  }

  @Override
  public String name() {
    return "cumsum";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    if (inputs.getFirst().dtype() == DType.BOOL) {
      throw new DTypeException("cumsum: a bool has no sums; cast to int64 first");
    }
    return inputs;
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T x = inputs.getFirst();
    DType dtype = x.spec().dtype();
    T wide = x.to(dtype.isFloating() ? dtype.accumulator() : dtype);
    return List.of(Along.scan(wide, axis, direction, (a, b) -> a.add(b)).to(dtype));
  }

  @Override
  public boolean isDifferentiable(List<TensorSpec> inputs) {
    return inputs.getFirst().dtype().isFloating();
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.NONE;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    Direction opposite = direction == Direction.FORWARD ? Direction.BACKWARD : Direction.FORWARD;
    return Collections.singletonList(g.grad().call(new CumSum(axis, opposite), List.of(g.grad())));
  }
}

package dev.proteus.op;

import dev.proteus.type.Device;
import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The operand's values on another device. The one operator that the engine itself carries out,
/// since two backends take part.
///
/// @param target where the result is
public record Transfer(Device target) implements Composite, Differentiable {
  @Override
  public String name() {
    return "to";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    return List.of(inputs.getFirst().withDevice(target));
  }

  /// On one device there is nothing to do.
  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    return inputs;
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
    T grad = g.grad();
    return Collections.singletonList(grad.call(new Transfer(g.spec(0).device()), List.of(grad)));
  }
}

package dev.proteus.optim;

import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// An optimizer that changes each parameter by itself, along its own gradient; in a step it makes
/// no tensors but the state of parameters it has not met before.
///
/// @param <O> its hyperparameters
public abstract class ElementwiseOptimizer<O extends Hyperparameters<O>> extends Optimizer<O> {
  /// @throws IllegalArgumentException if there are no groups, or a parameter is in two (rules OP-1,
  ///   OP-3)
  protected ElementwiseOptimizer(List<ParamGroup<O>> groups, StateType stateType) {
    super(groups, stateType);
  }

  @Override
  protected final void advance() {
    groups().forEach(this::advance);
  }

  private void advance(ParamGroup<O> group) {
    for (Tensor parameter : group.parameters()) {
      Optional<Tensor> grad = parameter.grad();
      if (grad.isPresent()) {
        ParamState state = begin(parameter);
        state.steps(state.steps() + 1);
        update(parameter, grad.get(), state, group.options());
      }
    }
  }

  /// Changes one parameter along its gradient. Runs unrecorded; the step is counted already.
  protected abstract void update(Tensor parameter, Tensor grad, ParamState state, O options);
}

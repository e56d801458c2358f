package dev.proteus.nn;

import dev.proteus.tensor.Tensor;
import java.util.List;

/// A module that says how far an input is from a target.
public abstract class Loss extends Module {
  /// A loss without state.
  protected Loss() {}

  /// The loss of `input`.
  protected abstract Tensor compute(Tensor input, Tensor target);

  /// The loss of `input`, between the hooks.
  public final Tensor forward(Tensor input, Tensor target) {
    return hooked(List.of(input, target), in -> compute(in.get(0), in.get(1)));
  }
}

package dev.proteus.nn;

import dev.proteus.tensor.Tensor;
import java.util.function.UnaryOperator;

/// A function as a layer, without anything to learn: `new Activation("softplus",
/// Tensor::softplus)`.
///
/// The commonest ones have classes of their own, such as [Relu] and [Gelu]; any other operator of
/// [Tensor], or a composition, is named here.
public final class Activation extends Layer {
  private final String name;
  private final UnaryOperator<Tensor> function;

  /// @param name what is printed
  public Activation(String name, UnaryOperator<Tensor> function) {
    this.name = name;
    this.function = function;
  }

  @Override
  protected Tensor compute(Tensor input) {
    return function.apply(input);
  }

  @Override
  protected String details() {
    return name;
  }
}

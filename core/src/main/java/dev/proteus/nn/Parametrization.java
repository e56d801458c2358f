package dev.proteus.nn;

import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;

/// How a parameter is computed from others, its originals, whenever its module computes: a
/// constraint, a normalisation, a mask (rules SD-70 to SD-72). See [Parametrize].
///
/// It is a module, so what it registers moves, saves and loads with the module it is used in.
public abstract class Parametrization extends Module {
  /// A parametrization in training.
  protected Parametrization() {}

  /// One without state and without an inverse: the original starts as what the parameter held.
  public static Parametrization of(UnaryOperator<Tensor> value) {
    return new OfFunctions(value, UnaryOperator.identity());
  }

  /// One without state. `original` is given the parameter's value, and says where to start so that
  /// `value` gives it again.
  public static Parametrization of(UnaryOperator<Tensor> value, UnaryOperator<Tensor> original) {
    return new OfFunctions(value, original);
  }

  /// The parameter's value, from one original unless [#originals(Tensor)] makes more.
  protected abstract Tensor compute(List<Tensor> originals);

  /// The originals that give `value`, or come as near to it as can be. If this is `value` itself,
  /// the original starts as what the parameter held.
  protected List<Tensor> originals(Tensor value) {
    return List.of(value);
  }

  private static final class OfFunctions extends Parametrization {
    private final UnaryOperator<Tensor> value;
    private final UnaryOperator<Tensor> original;

    OfFunctions(UnaryOperator<Tensor> value, UnaryOperator<Tensor> original) {
      this.value = value;
      this.original = original;
    }

    @Override
    protected Tensor compute(List<Tensor> originals) {
      return value.apply(originals.getFirst());
    }

    @Override
    protected List<Tensor> originals(Tensor given) {
      return List.of(original.apply(given));
    }
  }
}

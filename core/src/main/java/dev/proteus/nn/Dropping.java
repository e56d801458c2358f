package dev.proteus.nn;

import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;

/// What the dropouts share: in use, or at probability 0, they do nothing; in training they draw
/// from the generator of [Scope], but not on meta (rule MD-4).
final class Dropping {
  private Dropping() {}

  /// An operator that drops elements at random.
  interface Operator {
    Tensor apply(double p, long seed, long offset);
  }

  /// @throws IllegalArgumentException unless `p` is from 0 to 1 (rule 8.9)
  static double checked(double p) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("dropout: p is " + p + "; it must be from 0 to 1");
    }
    return p;
  }

  static Tensor run(Layer layer, Tensor input, double p, long draws, Operator operator) {
    if (!layer.isTraining() || p == 0) {
      return input;
    }
    Generator.Draw draw =
        input.device().isMeta() ? new Generator.Draw(0, 0) : Scope.generator().draw(draws);
    return operator.apply(p, draw.seed(), draw.offset());
  }
}

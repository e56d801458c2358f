package dev.proteus.op;

import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;

/// Random numbers whose distribution this says. As those of [CreationOps] they are functions of a
/// seed and an offset, the first 32-bit word to use.
///
/// @param <T> what operators are applied to
public interface RandomOps<T extends TensorOps<T>> extends Value<T> {
  /// Whether what was drawn may be drawn again.
  enum Drawing {
    WITH_REPLACEMENT,
    WITHOUT_REPLACEMENT
  }

  /// Ones with these probabilities, else zeros.
  default T bernoulli(long seed, long offset) {
    Folding.floating(spec().dtype(), "bernoulli");
    TensorSpec wide = spec().withDType(spec().dtype().accumulator());
    T uniform = self().rand(wide, seed, offset);
    return uniform.lt(self().to(wide.dtype())).to(spec().dtype());
  }

  /// Numbers of the exponential distribution with mean 1, never 0.
  default T exponential(TensorSpec spec, long seed, long offset) {
    TensorSpec wide = spec.withDType(spec.dtype().accumulator());
    T uniform = self().rand(wide, seed, offset);
    return uniform.neg().log1p().neg().clampMin(Float.MIN_NORMAL).to(spec.dtype());
  }

  /// The places of `count` things, drawn by these weights `[n]` or `[m, n]`, as int64 along the
  /// last axis.
  ///
  /// @throws IllegalArgumentException if weights are negative, not finite, or too few are not 0
  default T multinomial(long count, Drawing drawing, long seed, long offset) {
    Multinomial.check(self(), count, drawing);
    T weights = self().to(spec().dtype().accumulator());
    Shape shape = spec().shape();
    return switch (drawing) {
      case WITH_REPLACEMENT -> {
        T sums = weights.cumsum(-1);
        T ends = sums.div(sums.narrow(-1, -1, 1));
        T uniform = self().rand(weights.spec().withShape(shape.with(-1, count)), seed, offset);
        yield ends.searchsorted(uniform, SearchSorted.Side.RIGHT);
      }
      case WITHOUT_REPLACEMENT -> {
        T race = weights.div(self().exponential(weights.spec(), seed, offset));
        yield race.topk(count).indices();
      }
    };
  }

  /// Shares along an axis of a thing drawn by these logits, with a gradient: the softmax of the
  /// logits and noise (Jang, Gu, Poole, "Categorical reparameterization with Gumbel-softmax",
  /// 2017).
  ///
  /// @param temperature near 0, one share is near 1
  default T gumbelSoftmax(double temperature, int axis, long seed, long offset) {
    Folding.floating(spec().dtype(), "gumbelSoftmax");
    T noise = self().exponential(spec(), seed, offset).log().neg();
    return self().add(noise).div(temperature).softmax(axis);
  }
}

package dev.proteus.optim;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.tensor.Tensor;
import java.util.List;

/// What [Adam] and [AdamW] have in common, in the order of rules OP-21 and OP-22:
///
/// ```text
/// g = ±gradient, plus weightDecay·p where decay is L2
/// m = m + (1 − beta1)·(g − m)
/// v = beta2·v + (1 − beta2)·g²
/// p = p·(1 − lr·weightDecay) where decay is decoupled
/// p = p − lr / (1 − beta1ᵗ) · m / (√v / √(1 − beta2ᵗ) + eps)
/// ```
final class AdamUpdate {
  /// Where parameters decay.
  enum Decay {
    /// Through the gradient.
    L2,
    /// By themselves.
    DECOUPLED
  }

  /// What the last formula contains besides operands.
  private record Numbers(double kept, double rate, double root, double eps) {}

  private final Decay decay;
  private final Fused fused = new Fused();

  AdamUpdate(Decay decay) {
    this.decay = decay;
  }

  void update(Tensor p, Tensor g, ParamState state, AdamOptions options) {
    MomentOptions ofMoments = ofMoments(options);
    Moments moments = Moments.updated(fused, p, g, state, ofMoments);
    Tensor bound = bound(p, moments.square(), state, options);
    Numbers numbers =
        new Numbers(
            kept(options),
            options.lr() / ofMoments.bias1(state.steps()),
            Math.sqrt(ofMoments.bias2(state.steps())),
            options.eps());
    fused.update("adamStep", numbers, p, List.of(moments.mean(), bound), x -> moved(numbers, x));
  }

  private Tensor bound(Tensor p, Tensor v, ParamState state, AdamOptions options) {
    return switch (options.bound()) {
      case LATEST -> v;
      case AMSGRAD -> {
        Tensor largest = state.tensor("max_exp_avg_sq", p, 0);
        fused.update("adamBound", options, largest, List.of(v), x -> Exprs.max(x.get(0), x.get(1)));
        yield largest;
      }
    };
  }

  /// Decay that does not go through the gradient does not enter the moments.
  private MomentOptions ofMoments(AdamOptions options) {
    return switch (decay) {
      case L2 -> options.moments();
      case DECOUPLED -> options.moments().withWeightDecay(0);
    };
  }

  /// The share of a parameter that stays where it decays by itself.
  private double kept(AdamOptions options) {
    return switch (decay) {
      case L2 -> 1;
      case DECOUPLED -> 1 - options.lr() * options.weightDecay();
    };
  }

  private static Expr moved(Numbers numbers, List<Expr> x) {
    Expr kept = numbers.kept() == 1 ? x.get(0) : Exprs.mul(x.get(0), numbers.kept());
    Expr root = Exprs.div(Exprs.sqrt(x.get(2)), numbers.root());
    Expr along = Exprs.div(x.get(1), Exprs.add(root, numbers.eps()));
    return Formulas.moved(kept, along, numbers.rate());
  }
}

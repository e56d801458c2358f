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
    Tensor m = state.tensor("exp_avg", p, 0);
    Tensor v = state.tensor("exp_avg_sq", p, 0);
    List<Tensor> sources = List.of(g, p);
    fused.update("adamMean", options, m, sources, x -> mean(options, x));
    fused.update("adamSquare", options, v, sources, x -> square(options, x));
    Tensor bound = bound(p, v, state, options);
    Numbers numbers = numbers(options, state.steps());
    fused.update("adamStep", numbers, p, List.of(m, bound), x -> moved(numbers, x));
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

  private Expr gradient(AdamOptions options, List<Expr> x) {
    double throughGradient = decay == Decay.L2 ? options.weightDecay() : 0;
    return options.goal().gradient(x.get(1), x.get(2), throughGradient);
  }

  private Expr mean(AdamOptions options, List<Expr> x) {
    Expr way = Exprs.sub(gradient(options, x), x.get(0));
    return Exprs.add(x.get(0), Exprs.mul(way, 1 - options.beta1()));
  }

  private Expr square(AdamOptions options, List<Expr> x) {
    Expr g = gradient(options, x);
    return Exprs.add(
        Exprs.mul(x.get(0), options.beta2()), Exprs.mul(Exprs.mul(g, g), 1 - options.beta2()));
  }

  private Numbers numbers(AdamOptions options, long t) {
    return new Numbers(
        decay == Decay.DECOUPLED ? 1 - options.lr() * options.weightDecay() : 1,
        options.lr() / (1 - Math.pow(options.beta1(), (double) t)),
        Math.sqrt(1 - Math.pow(options.beta2(), (double) t)),
        options.eps());
  }

  private static Expr moved(Numbers numbers, List<Expr> x) {
    Expr kept = numbers.kept() == 1 ? x.get(0) : Exprs.mul(x.get(0), numbers.kept());
    Expr root = Exprs.div(Exprs.sqrt(x.get(2)), numbers.root());
    Expr along = Exprs.div(x.get(1), Exprs.add(root, numbers.eps()));
    return Exprs.sub(kept, Exprs.mul(along, numbers.rate()));
  }
}

package dev.proteus.optim;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.nn.Module;
import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;

/// [Adam], whose division is held back as long as too few gradients tell their spread (Liu and
/// others, "On the variance of the adaptive learning rate and beyond", 2020):
///
/// ```text
/// g = ±gradient + weightDecay·p
/// m = m + (1 − beta1)·(g − m)
/// v = beta2·v + (1 − beta2)·g²
/// ρ∞ = 2 / (1 − beta2) − 1,  ρ = ρ∞ − 2·t·beta2ᵗ / (1 − beta2ᵗ)
/// r = √( (ρ − 4)·(ρ − 2)·ρ∞ / ((ρ∞ − 4)·(ρ∞ − 2)·ρ) )
/// p = p − lr / (1 − beta1ᵗ) · m · (r·√(1 − beta2ᵗ) / (√v + eps) where ρ > 5, else 1)
/// ```
public final class RAdam extends ElementwiseOptimizer<MomentOptions> {
  /// The length of the memory above which the spread is trusted.
  private static final double TRUSTED = 5;

  private final Fused fused = new Fused();

  /// What the last formulas contain besides operands.
  private record Numbers(double rate, double eps) {}

  /// All parameters of a module, under their paths; warns when one is no longer the module's.
  public RAdam(Module module, double lr) {
    this(module, new MomentOptions(lr));
  }

  /// All parameters of a module, under their paths; warns when one is no longer the module's.
  public RAdam(Module module, MomentOptions options) {
    this(List.of(ParamGroup.of(module, options)));
  }

  public RAdam(List<? extends Tensor> parameters, double lr) {
    this(parameters, new MomentOptions(lr));
  }

  public RAdam(List<? extends Tensor> parameters, MomentOptions options) {
    this(List.of(ParamGroup.of(parameters, options)));
  }

  /// Parameters known by their names, as `Module.namedParameters()` gives them.
  public RAdam(SequencedMap<String, ? extends Tensor> parameters, MomentOptions options) {
    this(List.of(ParamGroup.named(parameters, options)));
  }

  public RAdam(List<ParamGroup<MomentOptions>> groups) {
    this(groups, StateType.MATCH);
  }

  public RAdam(List<ParamGroup<MomentOptions>> groups, StateType stateType) {
    super(groups, stateType);
  }

  @Override
  protected void update(Tensor p, Tensor g, ParamState state, MomentOptions options) {
    Tensor m = state.tensor("exp_avg", p, 0);
    Tensor v = state.tensor("exp_avg_sq", p, 0);
    List<Tensor> sources = List.of(g, p);
    fused.update("radamMean", options, m, sources, options::mean);
    fused.update("radamSquare", options, v, sources, options::square);
    double longest = 2 / (1 - options.beta2()) - 1;
    double bias = options.bias2(state.steps());
    double length = longest - 2 * state.steps() * (1 - bias) / bias;
    double rate = options.lr() / options.bias1(state.steps());
    if (length > TRUSTED) {
      double held = rate * rectified(length, longest) * Math.sqrt(bias);
      Numbers numbers = new Numbers(held, options.eps());
      fused.update("radamStep", numbers, p, List.of(m, v), x -> divided(numbers, x));
    } else {
      Numbers numbers = new Numbers(rate, 0);
      fused.update("radamStart", numbers, p, List.of(m), x -> moved(numbers, x, x.get(1)));
    }
  }

  private static double rectified(double length, double longest) {
    double share = (length - 4) * (length - 2) * longest;
    return Math.sqrt(share / ((longest - 4) * (longest - 2) * length));
  }

  private static Expr divided(Numbers numbers, List<Expr> x) {
    Expr root = Exprs.add(Exprs.sqrt(x.get(2)), numbers.eps());
    return moved(numbers, x, Exprs.div(x.get(1), root));
  }

  private static Expr moved(Numbers numbers, List<Expr> x, Expr along) {
    return Exprs.sub(x.get(0), Exprs.mul(along, numbers.rate()));
  }
}

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
    Moments moments = Moments.updated(fused, p, g, state, options);
    double longest = 2 / (1 - options.beta2()) - 1;
    double bias = options.bias2(state.steps());
    double length = longest - 2 * state.steps() * (1 - bias) / bias;
    double rate = options.lr() / options.bias1(state.steps());
    if (length > TRUSTED) {
      double held = rate * rectified(length, longest) * Math.sqrt(bias);
      Numbers numbers = new Numbers(held, options.eps());
      List<Tensor> sources = List.of(moments.mean(), moments.square());
      fused.update("radamStep", numbers, p, sources, x -> divided(numbers, x));
    } else {
      Numbers numbers = new Numbers(rate, 0);
      List<Tensor> sources = List.of(moments.mean());
      fused.update(
          "radamStart", numbers, p, sources, x -> Formulas.moved(x.get(0), x.get(1), rate));
    }
  }

  private static double rectified(double length, double longest) {
    double share = (length - 4) * (length - 2) * longest;
    return Math.sqrt(share / ((longest - 4) * (longest - 2) * length));
  }

  private static Expr divided(Numbers numbers, List<Expr> x) {
    Expr root = Exprs.add(Exprs.sqrt(x.get(2)), numbers.eps());
    return Formulas.moved(x.get(0), Exprs.div(x.get(1), root), numbers.rate());
  }
}

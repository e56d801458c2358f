package dev.proteus.optim;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.nn.Module;
import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;

/// [Adam] that looks ahead as Nesterov's momentum does (Dozat, "Incorporating Nesterov momentum
/// into Adam", 2016), with the momentum of that paper, which grows to `beta1`:
///
/// ```text
/// g = ±gradient + weightDecay·p
/// m = m + (1 − beta1)·(g − m)
/// v = beta2·v + (1 − beta2)·g²
/// μₜ = beta1·(1 − 0.5·0.96^(0.004·t)),  Πₜ = μ₁·μ₂·…·μₜ
/// p = p − lr · ((1 − μₜ)/(1 − Πₜ)·g + μₜ₊₁/(1 − Πₜ₊₁)·m) / (√(v / (1 − beta2ᵗ)) + eps)
/// ```
public final class NAdam extends ElementwiseOptimizer<MomentOptions> {
  private final Fused fused = new Fused();

  /// The latest product of momenta: parameters that were stepped as often share it.
  private Product latest = new Product(0, 0, 1);

  private record Product(double beta1, long steps, double value) {}

  /// What the last formula contains besides operands.
  private record Numbers(double ofGradient, double ofMean, double root, MomentOptions options) {}

  /// All parameters of a module, under their paths; warns when one is no longer the module's.
  public NAdam(Module module, double lr) {
    this(module, new MomentOptions(lr));
  }

  /// All parameters of a module, under their paths; warns when one is no longer the module's.
  public NAdam(Module module, MomentOptions options) {
    this(List.of(ParamGroup.of(module, options)));
  }

  public NAdam(List<? extends Tensor> parameters, double lr) {
    this(parameters, new MomentOptions(lr));
  }

  public NAdam(List<? extends Tensor> parameters, MomentOptions options) {
    this(List.of(ParamGroup.of(parameters, options)));
  }

  /// Parameters known by their names, as `Module.namedParameters()` gives them.
  public NAdam(SequencedMap<String, ? extends Tensor> parameters, MomentOptions options) {
    this(List.of(ParamGroup.named(parameters, options)));
  }

  public NAdam(List<ParamGroup<MomentOptions>> groups) {
    this(groups, StateType.MATCH);
  }

  public NAdam(List<ParamGroup<MomentOptions>> groups, StateType stateType) {
    super(groups, stateType);
  }

  @Override
  protected void update(Tensor p, Tensor g, ParamState state, MomentOptions options) {
    Moments moments = Moments.updated(fused, p, g, state, options);
    Numbers numbers = numbers(options, state.steps());
    List<Tensor> sources = List.of(g, moments.mean(), moments.square());
    fused.update("nadamStep", numbers, p, sources, x -> moved(numbers, x));
  }

  private Numbers numbers(MomentOptions options, long step) {
    latest = product(options.beta1(), step);
    double now = momentum(options.beta1(), step);
    double next = momentum(options.beta1(), step + 1);
    return new Numbers(
        options.lr() * (1 - now) / (1 - latest.value()),
        options.lr() * next / (1 - latest.value() * next),
        Math.sqrt(options.bias2(step)),
        options);
  }

  /// Goes on from the latest one where that is possible.
  private Product product(double beta1, long step) {
    boolean goesOn = latest.beta1() == beta1 && latest.steps() <= step;
    double value = goesOn ? latest.value() : 1;
    for (long t = goesOn ? latest.steps() + 1 : 1; t <= step; t++) {
      value *= momentum(beta1, t);
    }
    return new Product(beta1, step, value);
  }

  private static double momentum(double beta1, long step) {
    return beta1 * (1 - 0.5 * Math.pow(0.96, 0.004 * step));
  }

  private static Expr moved(Numbers numbers, List<Expr> x) {
    Expr g = numbers.options().gradient(x.get(1), x.get(0));
    Expr along =
        Exprs.add(Exprs.mul(g, numbers.ofGradient()), Exprs.mul(x.get(2), numbers.ofMean()));
    Expr root = Exprs.div(Exprs.sqrt(x.get(3)), numbers.root());
    return Exprs.sub(x.get(0), Exprs.div(along, Exprs.add(root, numbers.options().eps())));
  }
}

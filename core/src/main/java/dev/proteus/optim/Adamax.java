package dev.proteus.optim;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.nn.Module;
import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;

/// Steps along the mean of gradients, divided by the largest of them, which fades (Kingma, Ba,
/// "Adam", 2015, section 7.1):
///
/// ```text
/// g = ±gradient + weightDecay·p
/// m = m + (1 − beta1)·(g − m)
/// u = max(beta2·u, |g| + eps)
/// p = p − lr / (1 − beta1ᵗ) · m / u
/// ```
public final class Adamax extends ElementwiseOptimizer<MomentOptions> {
  private final Fused fused = new Fused();

  /// What the last formula contains besides operands.
  private record Numbers(double rate) {}

  /// All parameters of a module, under their paths; warns when one is no longer the module's.
  public Adamax(Module module, double lr) {
    this(module, new MomentOptions(lr));
  }

  /// All parameters of a module, under their paths; warns when one is no longer the module's.
  public Adamax(Module module, MomentOptions options) {
    this(List.of(ParamGroup.of(module, options)));
  }

  public Adamax(List<? extends Tensor> parameters, double lr) {
    this(parameters, new MomentOptions(lr));
  }

  public Adamax(List<? extends Tensor> parameters, MomentOptions options) {
    this(List.of(ParamGroup.of(parameters, options)));
  }

  /// Parameters known by their names, as `Module.namedParameters()` gives them.
  public Adamax(SequencedMap<String, ? extends Tensor> parameters, MomentOptions options) {
    this(List.of(ParamGroup.named(parameters, options)));
  }

  public Adamax(List<ParamGroup<MomentOptions>> groups) {
    this(groups, StateType.MATCH);
  }

  public Adamax(List<ParamGroup<MomentOptions>> groups, StateType stateType) {
    super(groups, stateType);
  }

  @Override
  protected void update(Tensor p, Tensor g, ParamState state, MomentOptions options) {
    Tensor m = state.tensor("exp_avg", p, 0);
    Tensor u = state.tensor("exp_inf", p, 0);
    List<Tensor> sources = List.of(g, p);
    fused.update("adamaxMean", options, m, sources, options::mean);
    fused.update("adamaxLargest", options, u, sources, x -> largest(options, x));
    Numbers numbers = new Numbers(options.lr() / options.bias1(state.steps()));
    fused.update("adamaxStep", numbers, p, List.of(m, u), x -> moved(numbers, x));
  }

  private static Expr largest(MomentOptions options, List<Expr> x) {
    Expr size = Exprs.abs(options.gradient(x.get(1), x.get(2)));
    return Exprs.max(Exprs.mul(x.get(0), options.beta2()), Exprs.add(size, options.eps()));
  }

  private static Expr moved(Numbers numbers, List<Expr> x) {
    return Formulas.moved(x.get(0), Exprs.div(x.get(1), x.get(2)), numbers.rate());
  }
}

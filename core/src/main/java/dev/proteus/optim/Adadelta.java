package dev.proteus.optim;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.nn.Module;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;

/// Steps along the gradient, in the ratio of how large steps were to how large gradients were
/// (Zeiler, "Adadelta", 2012):
///
/// ```text
/// g = ±gradient + weightDecay·p
/// v = rho·v + (1 − rho)·g²
/// d = √(u + eps) / √(v + eps) · g
/// u = rho·u + (1 − rho)·d²
/// p = p − lr·d
/// ```
///
/// A step makes one more tensor, `d`, and frees it.
public final class Adadelta extends ElementwiseOptimizer<Adadelta.Options> {
  private final Fused fused = new Fused();

  /// `new Adadelta.Options(1).withRho(0.95)`.
  ///
  /// @param rho share of the mean squares that stays
  /// @param eps what is added below both roots
  /// @param weightDecay share of the parameter added to its gradient
  /// @param goal downhill or uphill
  public record Options(double lr, double rho, double eps, double weightDecay, Goal goal)
      implements Hyperparameters<Options> {
    public Options {
      Checks.notNegative("lr", lr);
      Checks.share("rho", rho);
      Checks.notNegative("eps", eps);
      Checks.notNegative("weightDecay", weightDecay);
    }

    /// 0.9, 1e-6, no decay.
    public Options(double lr) {
      this(lr, 0.9, 1e-6, 0, Goal.MINIMIZE);
    }

    @Override
    public Options withLr(double newLr) {
      return new Options(newLr, rho, eps, weightDecay, goal);
    }

    public Options withRho(double newRho) {
      return new Options(lr, newRho, eps, weightDecay, goal);
    }

    public Options withEps(double newEps) {
      return new Options(lr, rho, newEps, weightDecay, goal);
    }

    public Options withWeightDecay(double newWeightDecay) {
      return new Options(lr, rho, eps, newWeightDecay, goal);
    }

    public Options withGoal(Goal newGoal) {
      return new Options(lr, rho, eps, weightDecay, newGoal);
    }

    @Override
    public SequencedMap<String, String> toTexts() {
      return new Texts()
          .with("lr", lr)
          .with("rho", rho)
          .with("eps", eps)
          .with("weight_decay", weightDecay)
          .with("goal", goal)
          .byName();
    }

    @Override
    public Options fromTexts(Texts texts) {
      return new Options(
          texts.number("lr"),
          texts.number("rho"),
          texts.number("eps"),
          texts.number("weight_decay"),
          texts.constant("goal", Goal.class));
    }

    private Expr gradient(Expr g, Expr p) {
      return goal.gradient(g, p, weightDecay);
    }

    private Expr kept(Expr meanSquare, Expr value) {
      return Formulas.meanSquare(meanSquare, value, rho);
    }
  }

  /// All parameters of a module, under their paths; warns when one is no longer the module's.
  public Adadelta(Module module, double lr) {
    this(module, new Options(lr));
  }

  /// All parameters of a module, under their paths; warns when one is no longer the module's.
  public Adadelta(Module module, Options options) {
    this(List.of(ParamGroup.of(module, options)));
  }

  public Adadelta(List<? extends Tensor> parameters, double lr) {
    this(parameters, new Options(lr));
  }

  public Adadelta(List<? extends Tensor> parameters, Options options) {
    this(List.of(ParamGroup.of(parameters, options)));
  }

  /// Parameters known by their names, as `Module.namedParameters()` gives them.
  public Adadelta(SequencedMap<String, ? extends Tensor> parameters, Options options) {
    this(List.of(ParamGroup.named(parameters, options)));
  }

  public Adadelta(List<ParamGroup<Options>> groups) {
    this(groups, StateType.MATCH);
  }

  public Adadelta(List<ParamGroup<Options>> groups, StateType stateType) {
    super(groups, stateType);
  }

  @Override
  protected void update(Tensor p, Tensor g, ParamState state, Options options) {
    Tensor v = state.tensor("square_avg", p, 0);
    Tensor u = state.tensor("acc_delta", p, 0);
    fused.update("adadeltaSquare", options, v, List.of(g, p), x -> square(options, x));
    Scope.memory(() -> {
      Tensor d = u.clone();
      fused.update("adadeltaStep", options, d, List.of(g, p, v), x -> along(options, x));
      List<Tensor> step = List.of(d);
      fused.update("adadeltaSteps", options, u, step, x -> options.kept(x.get(0), x.get(1)));
      fused.update("adadelta", options, p, step, x -> moved(options, x));
    });
  }

  private static Expr square(Options options, List<Expr> x) {
    return options.kept(x.get(0), options.gradient(x.get(1), x.get(2)));
  }

  /// @param x the mean square of steps, the gradient, the parameter and the mean square of
  ///   gradients
  private static Expr along(Options options, List<Expr> x) {
    Expr steps = Exprs.sqrt(Exprs.add(x.get(0), options.eps()));
    Expr gradients = Exprs.sqrt(Exprs.add(x.get(3), options.eps()));
    return Exprs.mul(Exprs.div(steps, gradients), options.gradient(x.get(1), x.get(2)));
  }

  private static Expr moved(Options options, List<Expr> x) {
    return Formulas.moved(x.get(0), x.get(1), options.lr());
  }
}

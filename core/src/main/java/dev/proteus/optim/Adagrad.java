package dev.proteus.optim;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.nn.Module;
import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;

/// Steps along the gradient, divided by the root of the sum of its squares so far (Duchi, Hazan,
/// Singer, "Adaptive subgradient methods", 2011):
///
/// ```text
/// g = ±gradient + weightDecay·p
/// s = s + g²
/// p = p − lr / (1 + (t − 1)·lrDecay) · g / (√s + eps)
/// ```
public final class Adagrad extends ElementwiseOptimizer<Adagrad.Options> {
  private final Fused fused = new Fused();

  /// What the formulas contain besides operands.
  private record Numbers(double rate, double eps, double weightDecay, Goal goal) {}

  /// `new Adagrad.Options(0.01).withLrDecay(1e-3)`.
  ///
  /// @param lrDecay how fast the learning rate falls
  /// @param weightDecay share of the parameter added to its gradient
  /// @param initial sum of squares at first
  /// @param eps what is added to the denominator
  public record Options(
      double lr, double lrDecay, double weightDecay, double initial, double eps, Goal goal)
      implements Hyperparameters<Options> {
    public Options {
      Checks.notNegative("lr", lr);
      Checks.notNegative("lrDecay", lrDecay);
      Checks.notNegative("weightDecay", weightDecay);
      Checks.notNegative("initial", initial);
      Checks.notNegative("eps", eps);
    }

    /// No decay, 0 at first, 1e-10.
    public Options(double lr) {
      this(lr, 0, 0, 0, 1e-10, Goal.MINIMIZE);
    }

    @Override
    public Options withLr(double newLr) {
      return new Options(newLr, lrDecay, weightDecay, initial, eps, goal);
    }

    public Options withLrDecay(double newLrDecay) {
      return new Options(lr, newLrDecay, weightDecay, initial, eps, goal);
    }

    public Options withWeightDecay(double newWeightDecay) {
      return new Options(lr, lrDecay, newWeightDecay, initial, eps, goal);
    }

    public Options withInitial(double newInitial) {
      return new Options(lr, lrDecay, weightDecay, newInitial, eps, goal);
    }

    public Options withEps(double newEps) {
      return new Options(lr, lrDecay, weightDecay, initial, newEps, goal);
    }

    public Options withGoal(Goal newGoal) {
      return new Options(lr, lrDecay, weightDecay, initial, eps, newGoal);
    }

    @Override
    public SequencedMap<String, String> toTexts() {
      return new Texts()
          .with("lr", lr)
          .with("lr_decay", lrDecay)
          .with("weight_decay", weightDecay)
          .with("initial_accumulator_value", initial)
          .with("eps", eps)
          .with("goal", goal)
          .byName();
    }

    @Override
    public Options fromTexts(Texts texts) {
      return new Options(
          texts.number("lr"),
          texts.number("lr_decay"),
          texts.number("weight_decay"),
          texts.number("initial_accumulator_value"),
          texts.number("eps"),
          texts.constant("goal", Goal.class));
    }

    private Numbers numbers(long step) {
      return new Numbers(lr / (1 + (step - 1) * lrDecay), eps, weightDecay, goal);
    }
  }

  /// All parameters of a module, under their paths; warns when one is no longer the module's.
  public Adagrad(Module module, double lr) {
    this(module, new Options(lr));
  }

  /// All parameters of a module, under their paths; warns when one is no longer the module's.
  public Adagrad(Module module, Options options) {
    this(List.of(ParamGroup.of(module, options)));
  }

  public Adagrad(List<? extends Tensor> parameters, double lr) {
    this(parameters, new Options(lr));
  }

  public Adagrad(List<? extends Tensor> parameters, Options options) {
    this(List.of(ParamGroup.of(parameters, options)));
  }

  /// Parameters known by their names, as `Module.namedParameters()` gives them.
  public Adagrad(SequencedMap<String, ? extends Tensor> parameters, Options options) {
    this(List.of(ParamGroup.named(parameters, options)));
  }

  public Adagrad(List<ParamGroup<Options>> groups) {
    this(groups, StateType.MATCH);
  }

  public Adagrad(List<ParamGroup<Options>> groups, StateType stateType) {
    super(groups, stateType);
    groups.forEach(this::begin);
  }

  /// Sums begin with the optimizer (rule OP-10), but those of parameters without data when they
  /// come to life.
  private void begin(ParamGroup<Options> group) {
    for (Tensor p : group.parameters()) {
      if (p.requiresGrad() && !p.device().isMeta()) {
        sum(begin(p), p, group.options());
      }
    }
  }

  private static Tensor sum(ParamState state, Tensor p, Options options) {
    return state.tensor("sum", p, options.initial());
  }

  @Override
  protected void update(Tensor p, Tensor g, ParamState state, Options options) {
    Numbers numbers = options.numbers(state.steps());
    Tensor s = sum(state, p, options);
    fused.update("adagradSum", numbers, s, List.of(g, p), x -> sum(numbers, x));
    fused.update("adagradStep", numbers, p, List.of(g, s), x -> moved(numbers, x));
  }

  private static Expr sum(Numbers numbers, List<Expr> x) {
    Expr g = numbers.goal().gradient(x.get(1), x.get(2), numbers.weightDecay());
    return Exprs.add(x.get(0), Exprs.mul(g, g));
  }

  private static Expr moved(Numbers numbers, List<Expr> x) {
    Expr g = numbers.goal().gradient(x.get(1), x.get(0), numbers.weightDecay());
    Expr along = Exprs.div(g, Exprs.add(Exprs.sqrt(x.get(2)), numbers.eps()));
    return Formulas.moved(x.get(0), along, numbers.rate());
  }
}

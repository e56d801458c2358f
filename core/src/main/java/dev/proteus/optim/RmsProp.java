package dev.proteus.optim;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.nn.Module;
import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/// Steps along the gradient, divided by the root of its mean square (Tieleman, Hinton, "Lecture
/// 6.5", 2012):
///
/// ```text
/// g = ±gradient + weightDecay·p
/// v = alpha·v + (1 − alpha)·g²
/// d = g / (√v + eps), or g / (√(v − m²) + eps) where centred by the mean m of g
/// p = p − lr·d, or with b = momentum·b + d: p − lr·b
/// ```
public final class RmsProp extends ElementwiseOptimizer<RmsProp.Options> {
  private final Fused fused = new Fused();

  /// What gradients are divided by.
  public enum Spread {
    /// The root of their mean square.
    MEAN_SQUARE,
    /// Their standard deviation (Graves, "Generating sequences", 2013).
    CENTERED
  }

  /// `new RmsProp.Options(0.01).withMomentum(0.9)`.
  ///
  /// @param alpha share of the mean square that stays
  /// @param eps what is added to the denominator
  /// @param weightDecay share of the parameter added to its gradient
  /// @param momentum share of the buffer that stays; 0 for none
  public record Options(
      double lr,
      double alpha,
      double eps,
      double weightDecay,
      double momentum,
      Spread spread,
      Goal goal)
      implements Hyperparameters<Options> {
    public Options {
      Checks.notNegative("lr", lr);
      Checks.notNegative("alpha", alpha);
      Checks.notNegative("eps", eps);
      Checks.notNegative("weightDecay", weightDecay);
      Checks.notNegative("momentum", momentum);
    }

    /// 0.99, 1e-8, no decay, no momentum.
    public Options(double lr) {
      this(lr, 0.99, 1e-8, 0, 0, Spread.MEAN_SQUARE, Goal.MINIMIZE);
    }

    @Override
    public Options withLr(double newLr) {
      return new Options(newLr, alpha, eps, weightDecay, momentum, spread, goal);
    }

    public Options withAlpha(double newAlpha) {
      return new Options(lr, newAlpha, eps, weightDecay, momentum, spread, goal);
    }

    public Options withEps(double newEps) {
      return new Options(lr, alpha, newEps, weightDecay, momentum, spread, goal);
    }

    public Options withWeightDecay(double newWeightDecay) {
      return new Options(lr, alpha, eps, newWeightDecay, momentum, spread, goal);
    }

    public Options withMomentum(double newMomentum) {
      return new Options(lr, alpha, eps, weightDecay, newMomentum, spread, goal);
    }

    public Options withSpread(Spread newSpread) {
      return new Options(lr, alpha, eps, weightDecay, momentum, newSpread, goal);
    }

    public Options withGoal(Goal newGoal) {
      return new Options(lr, alpha, eps, weightDecay, momentum, spread, newGoal);
    }

    @Override
    public SequencedMap<String, String> toTexts() {
      return new Texts()
          .with("lr", lr)
          .with("alpha", alpha)
          .with("eps", eps)
          .with("weight_decay", weightDecay)
          .with("momentum", momentum)
          .with("spread", spread)
          .with("goal", goal)
          .byName();
    }

    @Override
    public Options fromTexts(Texts texts) {
      return new Options(
          texts.number("lr"),
          texts.number("alpha"),
          texts.number("eps"),
          texts.number("weight_decay"),
          texts.number("momentum"),
          texts.constant("spread", Spread.class),
          texts.constant("goal", Goal.class));
    }

    private Expr gradient(Expr g, Expr p) {
      return goal.gradient(g, p, weightDecay);
    }
  }

  /// All parameters of a module, under their paths; warns when one is no longer the module's.
  public RmsProp(Module module, double lr) {
    this(module, new Options(lr));
  }

  /// All parameters of a module, under their paths; warns when one is no longer the module's.
  public RmsProp(Module module, Options options) {
    this(List.of(ParamGroup.of(module, options)));
  }

  public RmsProp(List<? extends Tensor> parameters, double lr) {
    this(parameters, new Options(lr));
  }

  public RmsProp(List<? extends Tensor> parameters, Options options) {
    this(List.of(ParamGroup.of(parameters, options)));
  }

  /// Parameters known by their names, as `Module.namedParameters()` gives them.
  public RmsProp(SequencedMap<String, ? extends Tensor> parameters, Options options) {
    this(List.of(ParamGroup.named(parameters, options)));
  }

  public RmsProp(List<ParamGroup<Options>> groups) {
    this(groups, StateType.MATCH);
  }

  public RmsProp(List<ParamGroup<Options>> groups, StateType stateType) {
    super(groups, stateType);
  }

  @Override
  protected void update(Tensor p, Tensor g, ParamState state, Options options) {
    List<Tensor> sources = sources(p, g, state, options);
    if (options.momentum() == 0) {
      fused.update("rmsStep", options, p, sources, x -> moved(options, x, direction(options, x)));
      return;
    }
    List<Tensor> ofBuffer = new ArrayList<>(sources);
    ofBuffer.addFirst(p);
    Tensor b = state.tensor("momentum_buffer", p, 0);
    fused.update("rmsBuffer", options, b, ofBuffer, x -> buffer(options, x));
    fused.update("rmsMomentum", options, p, List.of(b), x -> moved(options, x, x.get(1)));
  }

  /// What tells the direction beside the parameter: its gradient, v and, where centred, m.
  private List<Tensor> sources(Tensor p, Tensor g, ParamState state, Options options) {
    List<Tensor> given = List.of(g, p);
    Tensor v = state.tensor("square_avg", p, 0);
    fused.update("rmsSquare", options, v, given, x -> square(options, x));
    return switch (options.spread()) {
      case MEAN_SQUARE -> List.of(g, v);
      case CENTERED -> {
        Tensor m = state.tensor("grad_avg", p, 0);
        fused.update("rmsMean", options, m, given, x -> mean(options, x));
        yield List.of(g, v, m);
      }
    };
  }

  private static Expr square(Options options, List<Expr> x) {
    return Formulas.meanSquare(x.get(0), options.gradient(x.get(1), x.get(2)), options.alpha());
  }

  private static Expr mean(Options options, List<Expr> x) {
    return Formulas.mean(x.get(0), options.gradient(x.get(1), x.get(2)), options.alpha());
  }

  /// @param x the parameter, its gradient, v and, where centred, m
  private static Expr direction(Options options, List<Expr> x) {
    Expr g = options.gradient(x.get(1), x.get(0));
    Expr variance = x.size() < 4 ? x.get(2) : Exprs.sub(x.get(2), Exprs.mul(x.get(3), x.get(3)));
    return Exprs.div(g, Exprs.add(Exprs.sqrt(variance), options.eps()));
  }

  /// @param x the buffer, then as in [#direction]
  private static Expr buffer(Options options, List<Expr> x) {
    Expr kept = Exprs.mul(x.getFirst(), options.momentum());
    return Exprs.add(kept, direction(options, x.subList(1, x.size())));
  }

  private static Expr moved(Options options, List<Expr> x, Expr along) {
    return Formulas.moved(x.getFirst(), along, options.lr());
  }
}

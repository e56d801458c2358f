package dev.proteus.optim;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.nn.Module;
import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;

/// Stochastic gradient descent, with momentum if wanted, in the order of rule OP-20:
///
/// ```text
/// g = ±gradient + weightDecay·p
/// b = g at first, then momentum·b + (1 − dampening)·g
/// p = p − lr·(b, or g + momentum·b for Nesterov's)
/// ```
public final class Sgd extends ElementwiseOptimizer<Sgd.Options> {
  private static final String BUFFER = "momentum_buffer";

  private final Fused fused = new Fused();

  /// Which way a step goes where there is momentum.
  public enum Lookahead {
    /// Along the buffer.
    NONE,
    /// Along the gradient plus the buffer (Nesterov, 1983; Sutskever and others, 2013).
    NESTEROV
  }

  /// `new Sgd.Options(0.1).withMomentum(0.9)`.
  ///
  /// @param momentum share of the buffer that stays; 0 for none
  /// @param dampening share of the gradient that does not enter the buffer
  /// @param weightDecay share of the parameter added to its gradient
  public record Options(
      double lr,
      double momentum,
      double dampening,
      double weightDecay,
      Lookahead lookahead,
      Goal goal)
      implements Hyperparameters<Options> {
    public Options {
      Checks.notNegative("lr", lr);
      Checks.notNegative("momentum", momentum);
      Checks.notNegative("weightDecay", weightDecay);
      if (lookahead == Lookahead.NESTEROV && (momentum == 0 || dampening != 0)) {
        throw new IllegalArgumentException(
            "optimizer: Nesterov's lookahead needs momentum above 0 and dampening 0, not %s and %s"
                .formatted(momentum, dampening));
      }
    }

    /// Plain descent.
    public Options(double lr) {
      this(lr, 0, 0, 0, Lookahead.NONE, Goal.MINIMIZE);
    }

    @Override
    public Options withLr(double newLr) {
      return new Options(newLr, momentum, dampening, weightDecay, lookahead, goal);
    }

    public Options withMomentum(double newMomentum) {
      return new Options(lr, newMomentum, dampening, weightDecay, lookahead, goal);
    }

    public Options withDampening(double newDampening) {
      return new Options(lr, momentum, newDampening, weightDecay, lookahead, goal);
    }

    public Options withWeightDecay(double newWeightDecay) {
      return new Options(lr, momentum, dampening, newWeightDecay, lookahead, goal);
    }

    /// These with momentum and Nesterov's lookahead.
    public Options withNesterov(double newMomentum) {
      return new Options(lr, newMomentum, 0, weightDecay, Lookahead.NESTEROV, goal);
    }

    public Options withGoal(Goal newGoal) {
      return new Options(lr, momentum, dampening, weightDecay, lookahead, newGoal);
    }

    @Override
    public SequencedMap<String, String> toTexts() {
      return new Texts()
          .with("lr", lr)
          .with("momentum", momentum)
          .with("dampening", dampening)
          .with("weight_decay", weightDecay)
          .with("lookahead", lookahead)
          .with("goal", goal)
          .byName();
    }

    @Override
    public Options fromTexts(Texts texts) {
      return new Options(
          texts.number("lr"),
          texts.number("momentum"),
          texts.number("dampening"),
          texts.number("weight_decay"),
          texts.constant("lookahead", Lookahead.class),
          texts.constant("goal", Goal.class));
    }

    private Expr gradient(Expr g, Expr p) {
      return goal.gradient(g, p, weightDecay);
    }
  }

  /// All parameters of a module, under their paths; warns when one is no longer the module's.
  public Sgd(Module module, double lr) {
    this(module, new Options(lr));
  }

  /// All parameters of a module, under their paths; warns when one is no longer the module's.
  public Sgd(Module module, Options options) {
    this(List.of(ParamGroup.of(module, options)));
  }

  public Sgd(List<? extends Tensor> parameters, double lr) {
    this(parameters, new Options(lr));
  }

  public Sgd(List<? extends Tensor> parameters, Options options) {
    this(List.of(ParamGroup.of(parameters, options)));
  }

  /// Parameters known by their names, as `Module.namedParameters()` gives them.
  public Sgd(SequencedMap<String, ? extends Tensor> parameters, Options options) {
    this(List.of(ParamGroup.named(parameters, options)));
  }

  public Sgd(List<ParamGroup<Options>> groups) {
    this(groups, StateType.MATCH);
  }

  public Sgd(List<ParamGroup<Options>> groups, StateType stateType) {
    super(groups, stateType);
  }

  @Override
  protected void update(Tensor p, Tensor g, ParamState state, Options options) {
    if (options.momentum() == 0) {
      fused.update("sgd", options, p, List.of(g), x -> down(options, x));
      return;
    }
    Tensor b = buffer(p, g, state, options);
    switch (options.lookahead()) {
      case NONE -> fused.update("sgdMomentum", options, p, List.of(b), x -> along(options, x));
      case NESTEROV ->
          fused.update("sgdNesterov", options, p, List.of(b, g), x -> ahead(options, x));
    }
  }

  private Tensor buffer(Tensor p, Tensor g, ParamState state, Options options) {
    boolean isFirst = !state.tensors().containsKey(BUFFER);
    Tensor b = state.tensor(BUFFER, p, 0);
    if (isFirst) {
      fused.update(
          "sgdStart", options, b, List.of(g, p), x -> options.gradient(x.get(1), x.get(2)));
    } else {
      fused.update("sgdBuffer", options, b, List.of(g, p), x -> kept(options, x));
    }
    return b;
  }

  private static Expr kept(Options options, List<Expr> x) {
    Expr gradient = options.gradient(x.get(1), x.get(2));
    return Exprs.add(
        Exprs.mul(x.get(0), options.momentum()), Exprs.mul(gradient, 1 - options.dampening()));
  }

  private static Expr down(Options options, List<Expr> x) {
    return Formulas.moved(x.get(0), options.gradient(x.get(1), x.get(0)), options.lr());
  }

  private static Expr along(Options options, List<Expr> x) {
    return Formulas.moved(x.get(0), x.get(1), options.lr());
  }

  private static Expr ahead(Options options, List<Expr> x) {
    Expr gradient = options.gradient(x.get(2), x.get(0));
    Expr along = Exprs.add(gradient, Exprs.mul(x.get(1), options.momentum()));
    return Formulas.moved(x.get(0), along, options.lr());
  }
}

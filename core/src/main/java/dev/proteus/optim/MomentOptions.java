package dev.proteus.optim;

import dev.proteus.expr.Expr;
import java.util.List;
import java.util.SequencedMap;

/// The hyperparameters of [Adamax], [NAdam] and [RAdam]: `new MomentOptions(2e-3)`.
///
/// @param beta1 share of the mean that stays
/// @param beta2 share of the mean square, or of the largest, that stays
/// @param eps what is added to the denominator
/// @param weightDecay share of the parameter added to its gradient
/// @param goal downhill or uphill
public record MomentOptions(
    double lr, double beta1, double beta2, double eps, double weightDecay, Goal goal)
    implements Hyperparameters<MomentOptions> {
  public MomentOptions {
    check(lr, beta1, beta2, eps, weightDecay);
  }

  /// 0.9, 0.999, 1e-8, no decay.
  public MomentOptions(double lr) {
    this(lr, 0.9, 0.999, 1e-8, 0, Goal.MINIMIZE);
  }

  static void check(double lr, double beta1, double beta2, double eps, double weightDecay) {
    Checks.notNegative("lr", lr);
    Checks.share("beta1", beta1);
    Checks.share("beta2", beta2);
    Checks.notNegative("eps", eps);
    Checks.notNegative("weightDecay", weightDecay);
  }

  @Override
  public MomentOptions withLr(double newLr) {
    return new MomentOptions(newLr, beta1, beta2, eps, weightDecay, goal);
  }

  public MomentOptions withBetas(double newBeta1, double newBeta2) {
    return new MomentOptions(lr, newBeta1, newBeta2, eps, weightDecay, goal);
  }

  public MomentOptions withEps(double newEps) {
    return new MomentOptions(lr, beta1, beta2, newEps, weightDecay, goal);
  }

  public MomentOptions withWeightDecay(double newWeightDecay) {
    return new MomentOptions(lr, beta1, beta2, eps, newWeightDecay, goal);
  }

  public MomentOptions withGoal(Goal newGoal) {
    return new MomentOptions(lr, beta1, beta2, eps, weightDecay, newGoal);
  }

  @Override
  public SequencedMap<String, String> toTexts() {
    return new Texts()
        .with("lr", lr)
        .with("beta1", beta1)
        .with("beta2", beta2)
        .with("eps", eps)
        .with("weight_decay", weightDecay)
        .with("goal", goal)
        .byName();
  }

  @Override
  public MomentOptions fromTexts(Texts texts) {
    return new MomentOptions(
        texts.number("lr"),
        texts.number("beta1"),
        texts.number("beta2"),
        texts.number("eps"),
        texts.number("weight_decay"),
        texts.constant("goal", Goal.class));
  }

  /// The share of the first moment at a step.
  double bias1(long step) {
    return 1 - Math.pow(beta1, (double) step);
  }

  /// The share of the second moment at a step.
  double bias2(long step) {
    return 1 - Math.pow(beta2, (double) step);
  }

  /// The gradient to go against.
  ///
  /// @param g the gradient given
  Expr gradient(Expr g, Expr p) {
    return goal.gradient(g, p, weightDecay);
  }

  /// The mean, with a gradient more.
  ///
  /// @param x the mean, the gradient and the parameter
  Expr mean(List<Expr> x) {
    return Formulas.mean(x.get(0), gradient(x.get(1), x.get(2)), beta1);
  }

  /// The mean square, with a gradient more.
  ///
  /// @param x the mean square, the gradient and the parameter
  Expr square(List<Expr> x) {
    return Formulas.meanSquare(x.get(0), gradient(x.get(1), x.get(2)), beta2);
  }
}

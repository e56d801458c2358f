package dev.proteus.optim;

import java.util.SequencedMap;

/// The hyperparameters of [Adam] and [AdamW]: `new AdamOptions(1e-3).withWeightDecay(0.01)`.
///
/// @param beta1 share of the mean that stays
/// @param beta2 share of the mean square that stays
/// @param eps what is added to the denominator
/// @param weightDecay how much parameters decay
/// @param bound which mean square divides
/// @param goal downhill or uphill
public record AdamOptions(
    double lr, double beta1, double beta2, double eps, double weightDecay, Bound bound, Goal goal)
    implements Hyperparameters<AdamOptions> {
  /// Which mean square divides.
  public enum Bound {
    /// The latest.
    LATEST,
    /// The largest so far (Reddi, Kale, Kumar, "On the convergence of Adam and beyond", 2018).
    AMSGRAD
  }

  public AdamOptions {
    MomentOptions.check(lr, beta1, beta2, eps, weightDecay);
  }

  /// 0.9, 0.999, 1e-8, no decay.
  public AdamOptions(double lr) {
    this(new MomentOptions(lr), Bound.LATEST);
  }

  private AdamOptions(MomentOptions moments, Bound bound) {
    this(
        moments.lr(),
        moments.beta1(),
        moments.beta2(),
        moments.eps(),
        moments.weightDecay(),
        bound,
        moments.goal());
  }

  /// These without the bound: what the moments of gradients depend on.
  MomentOptions moments() {
    return new MomentOptions(lr, beta1, beta2, eps, weightDecay, goal);
  }

  @Override
  public AdamOptions withLr(double newLr) {
    return new AdamOptions(newLr, beta1, beta2, eps, weightDecay, bound, goal);
  }

  public AdamOptions withBetas(double newBeta1, double newBeta2) {
    return new AdamOptions(lr, newBeta1, newBeta2, eps, weightDecay, bound, goal);
  }

  public AdamOptions withEps(double newEps) {
    return new AdamOptions(lr, beta1, beta2, newEps, weightDecay, bound, goal);
  }

  public AdamOptions withWeightDecay(double newWeightDecay) {
    return new AdamOptions(lr, beta1, beta2, eps, newWeightDecay, bound, goal);
  }

  public AdamOptions withAmsgrad() {
    return new AdamOptions(lr, beta1, beta2, eps, weightDecay, Bound.AMSGRAD, goal);
  }

  public AdamOptions withGoal(Goal newGoal) {
    return new AdamOptions(lr, beta1, beta2, eps, weightDecay, bound, newGoal);
  }

  @Override
  public SequencedMap<String, String> toTexts() {
    return new Texts(moments().toTexts()).with("bound", bound).byName();
  }

  @Override
  public AdamOptions fromTexts(Texts texts) {
    return new AdamOptions(moments().fromTexts(texts), texts.constant("bound", Bound.class));
  }
}

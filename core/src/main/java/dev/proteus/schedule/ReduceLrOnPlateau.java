package dev.proteus.schedule;

import dev.proteus.optim.Checks;
import dev.proteus.optim.Goal;
import dev.proteus.optim.Optimizer;
import dev.proteus.optim.ParamGroup;
import dev.proteus.optim.Texts;
import dev.proteus.state.StateDict;

/// Lowers the learning rates of all groups when a metric has stopped to improve.
public final class ReduceLrOnPlateau {
  private final Optimizer<?> optimizer;
  private final Options options;
  private double best;
  private long bad;
  private long resting;

  /// When and how to lower.
  ///
  /// @param goal whether less or more is better
  /// @param factor of a learning rate
  /// @param patience steps without improvement that are borne
  /// @param threshold relative change that is an improvement
  /// @param cooldown steps after lowering that do not count
  /// @param lowest learning rate
  public record Options(
      Goal goal, double factor, long patience, double threshold, long cooldown, double lowest) {
    /// Less is better, a factor of 0.1, patience of 10, a threshold of 1e-4, no cooldown.
    public static final Options DEFAULT = new Options(Goal.MINIMIZE, 0.1, 10, 1e-4, 0, 0);

    public Options {
      Checks.share("factor", factor);
      Checks.notNegative("lowest", lowest);
    }

    public Options withGoal(Goal newGoal) {
      return new Options(newGoal, factor, patience, threshold, cooldown, lowest);
    }

    public Options withFactor(double newFactor) {
      return new Options(goal, newFactor, patience, threshold, cooldown, lowest);
    }

    public Options withPatience(long newPatience) {
      return new Options(goal, factor, newPatience, threshold, cooldown, lowest);
    }

    public Options withThreshold(double newThreshold) {
      return new Options(goal, factor, patience, newThreshold, cooldown, lowest);
    }

    public Options withCooldown(long newCooldown) {
      return new Options(goal, factor, patience, threshold, newCooldown, lowest);
    }

    public Options withLowest(double newLowest) {
      return new Options(goal, factor, patience, threshold, cooldown, newLowest);
    }

    private double worst() {
      return goal == Goal.MINIMIZE ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }

    private boolean isBetter(double metric, double best) {
      return switch (goal) {
        case MINIMIZE -> metric < best * (1 - threshold);
        case MAXIMIZE -> metric > best * (1 + threshold);
      };
    }
  }

  public ReduceLrOnPlateau(Optimizer<?> optimizer, Options options) {
    this.optimizer = optimizer;
    this.options = options;
    best = options.worst();
  }

  /// Takes note of a metric, and lowers the learning rates if it is time.
  public void step(double metric) {
    if (options.isBetter(metric, best)) {
      best = metric;
      bad = 0;
    } else {
      bad++;
    }
    if (resting > 0) {
      resting--;
      bad = 0;
    }
    if (bad > options.patience()) {
      optimizer.groups().forEach(this::lower);
      resting = options.cooldown();
      bad = 0;
    }
  }

  private void lower(ParamGroup<?> group) {
    double lr = Math.max(group.lr() * options.factor(), options.lowest());
    if (group.lr() - lr > 1e-8) {
      group.lr(lr);
    }
  }

  /// What it remembers of the metric.
  public StateDict stateDict() {
    return StateDict.builder()
        .metadata("best", Double.toString(best))
        .metadata("bad", String.valueOf(bad))
        .metadata("resting", String.valueOf(resting))
        .build();
  }

  /// Goes on from where another one stood.
  ///
  /// @throws dev.proteus.error.StateDictException if something is missing; nothing has changed then
  public void load(StateDict state) {
    Texts texts = new Texts(state.metadata());
    double loadedBest = texts.number("best");
    long loadedBad = (long) texts.number("bad");
    long loadedResting = (long) texts.number("resting");
    best = loadedBest;
    bad = loadedBad;
    resting = loadedResting;
  }
}

package dev.proteus.schedule;

import dev.proteus.error.StateDictException;
import dev.proteus.optim.Optimizer;
import dev.proteus.optim.Texts;
import dev.proteus.state.StateDict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Sets the learning rates of an optimizer's groups by a schedule, after each epoch or step.
///
/// ```java
/// var scheduler = new LrScheduler(optimizer, new CosineAnnealingLr(epochs, 0));
/// for (int epoch = 0; epoch < epochs; epoch++) {
///   train(model, optimizer);
///   scheduler.step();
/// }
/// ```
///
/// Groups added to the optimizer later are left alone (rule OP-5).
public final class LrScheduler {
  private static final System.Logger LOG = System.getLogger(LrScheduler.class.getName());

  private final Optimizer<?> optimizer;
  private final List<Schedule> schedules;
  private final List<Double> bases = new ArrayList<>();
  private long step;

  /// The same schedule for all groups; learning rates are those of step 0 at once (rule OP-50).
  public LrScheduler(Optimizer<?> optimizer, Schedule schedule) {
    this(optimizer, Collections.nCopies(optimizer.groups().size(), schedule));
  }

  /// A schedule for each group.
  ///
  /// @throws IllegalArgumentException if there are not as many as groups (rule OP-53)
  public LrScheduler(Optimizer<?> optimizer, List<? extends Schedule> schedules) {
    if (schedules.size() != optimizer.groups().size()) {
      throw new IllegalArgumentException(
          "scheduler: %s schedules for %s groups; there must be as many (rule OP-53)"
              .formatted(schedules.size(), optimizer.groups().size()));
    }
    this.optimizer = optimizer;
    this.schedules = List.copyOf(schedules);
    for (int g = 0; g < schedules.size(); g++) {
      bases.add(optimizer.groups().get(g).startLr());
    }
    set();
  }

  /// Goes on to the next step.
  public void step() {
    if (step == 0 && optimizer.steps() == 0) {
      LOG.log(
          System.Logger.Level.WARNING,
          "scheduler: step() before the optimizer's first; the first learning rate is skipped");
    }
    step++;
    set();
  }

  private void set() {
    for (int g = 0; g < schedules.size(); g++) {
      optimizer.groups().get(g).lr(schedules.get(g).lr(step, bases.get(g)));
    }
  }

  /// Steps so far.
  public long steps() {
    return step;
  }

  /// The learning rate of each group.
  public List<Double> lastLr() {
    List<Double> rates = new ArrayList<>();
    for (int g = 0; g < schedules.size(); g++) {
      rates.add(optimizer.groups().get(g).lr());
    }
    return rates;
  }

  /// Where the schedule stands; the schedule itself is not part of it.
  public StateDict stateDict() {
    StateDict.Builder builder = StateDict.builder();
    builder.metadata("step", String.valueOf(step));
    for (int g = 0; g < bases.size(); g++) {
      builder.metadata("base." + g, Double.toString(bases.get(g)));
    }
    return builder.build();
  }

  /// Goes on from where another scheduler stood.
  ///
  /// @throws StateDictException if something is missing; nothing has changed then
  public void load(StateDict state) {
    Texts texts = new Texts(state.metadata());
    List<Double> loaded = new ArrayList<>();
    for (int g = 0; g < bases.size(); g++) {
      loaded.add(texts.number("base." + g));
    }
    step = (long) texts.number("step");
    bases.clear();
    bases.addAll(loaded);
    set();
  }
}

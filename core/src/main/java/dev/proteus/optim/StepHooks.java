package dev.proteus.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What runs around every step of every optimizer while a block runs: before their own hooks, and
/// after them (rule OP-15). Of two blocks, one in the other, the outer one's come first before a
/// step and last after it.
///
/// ```java
/// var timer = new StepHooks(o -> clock.start(), o -> clock.stop());
/// timer.during(() -> train(model));
/// ```
///
/// @param before what runs before each step
/// @param after what runs after each step
public record StepHooks(Consumer<Optimizer<?>> before, Consumer<Optimizer<?>> after) {
  private static final ScopedValue<List<StepHooks>> CURRENT = ScopedValue.newInstance();

  /// The hooks in force, the outermost first.
  static List<StepHooks> current() {
    return CURRENT.orElse(List.of());
  }

  /// Runs `body` with these hooks in force on this thread.
  public <R> R during(Supplier<R> body) {
    List<StepHooks> hooks = new ArrayList<>(current());
    hooks.add(this);
    return ScopedValue.where(CURRENT, List.copyOf(hooks)).call(body::get);
  }

  /// Runs `body` with these hooks in force on this thread.
  public void during(Runnable body) {
    during(() -> {
      body.run();
      return this;
    });
  }
}

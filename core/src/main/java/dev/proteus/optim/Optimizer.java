package dev.proteus.optim;

import dev.proteus.error.NoDataException;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.BodyChange;
import dev.proteus.tensor.HookHandle;
import dev.proteus.tensor.Replacement;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.SwapPolicy;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// Changes parameters along their gradients.
///
/// What it remembers of a parameter belongs to the tensor itself, not to what the tensor holds, so
/// it survives a swap and follows the parameter to other devices and types (rules OP-10, OP-40). A
/// step writes parameters and state in place, unrecorded. An optimizer is used by one thread at a
/// time.
///
/// ```java
/// var optimizer = new AdamW(model, 1e-3);
/// optimizer.zeroGrad();
/// model.forward(x).crossEntropy(y).backward();
/// optimizer.step();
/// ```
///
/// @param <O> its hyperparameters
public abstract class Optimizer<O extends Hyperparameters<O>> {
  private final List<ParamGroup<O>> groups = new ArrayList<>();
  private final Map<Tensor, ParamState> states = new LinkedHashMap<>();
  private final List<Consumer<Optimizer<O>>> preHooks = new CopyOnWriteArrayList<>();
  private final List<UnaryOperator<Supplier<Tensor>>> closureHooks = new CopyOnWriteArrayList<>();
  private final List<Consumer<Optimizer<O>>> postHooks = new CopyOnWriteArrayList<>();
  private final List<Consumer<Optimizer<O>>> savePreHooks = new CopyOnWriteArrayList<>();
  private final List<UnaryOperator<StateDict>> savePostHooks = new CopyOnWriteArrayList<>();
  private final List<UnaryOperator<StateDict>> loadPreHooks = new CopyOnWriteArrayList<>();
  private final List<Consumer<Optimizer<O>>> loadPostHooks = new CopyOnWriteArrayList<>();
  private final StateType stateType;
  private final int mostGroups;
  private long steps;

  /// @throws IllegalArgumentException if there are no groups, or a parameter is in two (rules OP-1,
  ///   OP-3)
  protected Optimizer(List<ParamGroup<O>> groups, StateType stateType) {
    this(groups, stateType, Integer.MAX_VALUE);
  }

  /// An optimizer that has so many groups at most.
  ///
  /// @throws IllegalArgumentException if there are no groups or too many, or a parameter is in two
  ///   (rules OP-1, OP-3, OP-13)
  protected Optimizer(List<ParamGroup<O>> groups, StateType stateType, int mostGroups) {
    this.stateType = stateType;
    this.mostGroups = mostGroups;
    if (groups.isEmpty()) {
      throw new IllegalArgumentException("optimizer: there are no parameters (rule OP-1)");
    }
    groups.forEach(this::addParamGroup);
  }

  /// Adds parameters with hyperparameters of their own.
  ///
  /// @throws IllegalArgumentException if one of them is in another group, or if they have names and
  ///   the others do not or the other way round, or if there are too many groups (rules OP-1, OP-3,
  ///   OP-13)
  public final void addParamGroup(ParamGroup<O> group) {
    Set<Tensor> known = new HashSet<>();
    groups.forEach(g -> known.addAll(g.parameters()));
    for (int i = 0; i < group.parameters().size(); i++) {
      if (known.contains(group.parameters().get(i))) {
        throw new IllegalArgumentException(
            "optimizer: %s is in another group already (rule OP-3)".formatted(group.name(i)));
      }
    }
    if (!groups.isEmpty() && groups.getFirst().names().isEmpty() != group.names().isEmpty()) {
      throw new IllegalArgumentException(
          "optimizer: some groups have names and some do not; give all or none (rule OP-1)");
    }
    if (groups.size() == mostGroups) {
      throw new IllegalArgumentException(
          "optimizer: %s has at most %s group, and has it (rule OP-13)"
              .formatted(getClass().getSimpleName(), mostGroups));
    }
    groups.add(group);
  }

  /// The groups; each can be changed, the list cannot.
  public final List<ParamGroup<O>> groups() {
    return Collections.unmodifiableList(groups);
  }

  /// What is remembered of a parameter, if it was stepped or loaded.
  public final Optional<ParamState> state(Tensor parameter) {
    return Optional.ofNullable(states.get(parameter));
  }

  /// What is remembered of a parameter, nothing at first.
  protected final ParamState begin(Tensor parameter) {
    return states.computeIfAbsent(parameter, _ -> new ParamState(stateType));
  }

  final void replaceStates(Map<Tensor, ParamState> loaded) {
    states.clear();
    states.putAll(loaded);
  }

  final StateType stateType() {
    return stateType;
  }

  /// Steps so far.
  public final long steps() {
    return steps;
  }

  // ---- gradients

  /// What becomes of gradients.
  public enum ZeroGrad {
    /// They are removed; a parameter without one is not stepped.
    DROP,
    /// They stay, filled with zeros; decay and momentum still act.
    FILL
  }

  /// Removes the gradients of all parameters.
  public final void zeroGrad() {
    zeroGrad(ZeroGrad.DROP);
  }

  /// Removes or clears the gradients of all parameters (rule OP-12).
  public final void zeroGrad(ZeroGrad how) {
    for (ParamGroup<O> group : groups) {
      for (Tensor parameter : group.parameters()) {
        switch (how) {
          case DROP -> parameter.clearGrad();
          case FILL -> parameter.grad().ifPresent(Optimizer::fillWithZeros);
        }
      }
    }
  }

  /// A gradient that is part of a graph leaves it.
  private static void fillWithZeros(Tensor grad) {
    Scope.noGrad(() -> {
      if (grad.isLeaf()) {
        grad.zero_();
      } else {
        Tensor.replaceAll(List.of(new Replacement(grad, grad.zerosLike())));
      }
    });
  }

  // ---- steps

  /// Changes every parameter that has a gradient (rules OP-11, OP-14).
  ///
  /// @throws NoDataException if a parameter to be learned is on meta (rule OP-43)
  /// @throws IllegalStateException if a parameter has another shape than what is remembered of it
  ///   (rule OP-40); nothing has changed in either case
  public final void step() {
    before();
    prepare();
    Scope.noGrad(() -> advance());
    after();
  }

  /// Computes a loss with `closure`, gradients on, then steps (rule OP-13).
  ///
  /// @return the loss, as it was before the parameters changed
  public final Tensor step(Supplier<Tensor> closure) {
    before();
    Supplier<Tensor> hooked = closure;
    for (UnaryOperator<Supplier<Tensor>> hook : closureHooks) {
      hooked = hook.apply(hooked);
    }
    Supplier<Tensor> computed = hooked;
    Supplier<Tensor> recorded = () -> Scope.withGrad(Scope.Grad.ENABLED, computed);
    Tensor loss = recorded.get();
    prepare();
    Scope.noGrad(() -> advance(loss, recorded));
    after();
    return loss;
  }

  private void before() {
    StepHooks.current().forEach(hooks -> hooks.before().accept(this));
    preHooks.forEach(hook -> hook.accept(this));
  }

  private void after() {
    steps++;
    postHooks.forEach(hook -> hook.accept(this));
    StepHooks.current().reversed().forEach(hooks -> hooks.after().accept(this));
  }

  /// Refuses what cannot be stepped, warns of what was lost, and lets state follow.
  private void prepare() {
    for (ParamGroup<O> group : groups) {
      checkReal(group);
      group.checkMembership();
    }
    migrateState();
  }

  private void checkReal(ParamGroup<O> group) {
    for (int i = 0; i < group.parameters().size(); i++) {
      Tensor parameter = group.parameters().get(i);
      if (parameter.device().isMeta() && parameter.requiresGrad()) {
        throw new NoDataException(
            "step: %s is on the meta device and has no data; use toEmpty or load with assign"
                    .formatted(group.name(i))
                + " first (rule OP-43)");
      }
    }
  }

  /// Changes the parameters along the gradients they have. Runs unrecorded.
  protected abstract void advance();

  /// The same where the loss is known and can be computed again, gradients too; most optimizers
  /// need neither.
  protected void advance(Tensor loss, Supplier<Tensor> closure) {
    advance();
  }

  // ---- hooks

  /// Lets `hook` run before every step (rule OP-15).
  public final HookHandle registerStepPreHook(Consumer<Optimizer<O>> hook) {
    return HookHandle.added(preHooks, hook);
  }

  /// Lets `hook` replace what computes the loss in every step that is given it (rule OP-15).
  public final HookHandle registerClosureHook(UnaryOperator<Supplier<Tensor>> hook) {
    return HookHandle.added(closureHooks, hook);
  }

  /// Lets `hook` run after every step (rule OP-15).
  public final HookHandle registerStepPostHook(Consumer<Optimizer<O>> hook) {
    return HookHandle.added(postHooks, hook);
  }

  /// Lets `hook` run before every [#stateDict()] (rule OP-15).
  public final HookHandle registerStateDictPreHook(Consumer<Optimizer<O>> hook) {
    return HookHandle.added(savePreHooks, hook);
  }

  /// Lets `hook` replace the result of every [#stateDict()] (rule OP-15).
  public final HookHandle registerStateDictPostHook(UnaryOperator<StateDict> hook) {
    return HookHandle.added(savePostHooks, hook);
  }

  /// Lets `hook` replace what is given to every [#load(StateDict)] (rule OP-15).
  public final HookHandle registerLoadPreHook(UnaryOperator<StateDict> hook) {
    return HookHandle.added(loadPreHooks, hook);
  }

  /// Lets `hook` run after every [#load(StateDict)] that succeeded (rule OP-15).
  public final HookHandle registerLoadPostHook(Consumer<Optimizer<O>> hook) {
    return HookHandle.added(loadPostHooks, hook);
  }

  // ---- state

  /// Brings what is remembered to the devices and types of the parameters, all or nothing; every
  /// step does so first (rules OP-40, OP-41).
  ///
  /// @throws IllegalStateException if a parameter has another shape than what is remembered of it
  public final void migrateState() {
    List<Replacement> moves = new ArrayList<>();
    Scope.noGrad(() ->
        Scope.memory(() -> {
          for (ParamGroup<O> group : groups) {
            for (int i = 0; i < group.parameters().size(); i++) {
              collectMoves(group, i, moves);
            }
          }
          Tensor.replaceAll(moves, BodyChange.Cause.CONVERT, SwapPolicy.DEFAULT);
        }));
  }

  private void collectMoves(ParamGroup<O> group, int place, List<Replacement> moves) {
    Tensor parameter = group.parameters().get(place);
    ParamState state = states.get(parameter);
    if (state == null) {
      return;
    }
    state
        .tensors()
        .forEach((name, tensor) -> {
          if (!tensor.shape().equals(parameter.shape())) {
            throw new IllegalStateException(
                "optimizer: %s is %s now, its %s is %s; state follows to other devices and types, not"
                        .formatted(group.name(place), parameter.shape(), name, tensor.shape())
                    + " to other shapes (rule OP-40)");
          }
          TensorSpec wanted = stateType.migrated(tensor.spec(), parameter.spec());
          if (!wanted.equals(tensor.spec())) {
            moves.add(new Replacement(tensor, tensor.to(wanted.device(), wanted.dtype())));
          }
        });
  }

  /// Everything remembered, with the hyperparameters as texts: entries `state.<n>.<name>` and
  /// `state.<n>.step` of parameter n, counted over all groups, and metadata `group.<g>.<name>`
  /// (rule OP-30). Its tensors are aliases.
  public final StateDict stateDict() {
    savePreHooks.forEach(hook -> hook.accept(this));
    return hooked(savePostHooks, new OptimizerState<>(this).save());
  }

  /// Takes over hyperparameters and a copy of everything remembered, brought to the devices and
  /// types of the parameters (rules OP-31 to OP-35). Parameters are matched by name if both sides
  /// have names, else by place.
  ///
  /// @throws IllegalArgumentException if groups or their sizes differ
  /// @throws dev.proteus.error.StateDictException if something else does not fit; nothing has
  ///   changed in either case
  public final void load(StateDict state) {
    new OptimizerState<>(this).load(hooked(loadPreHooks, state));
    loadPostHooks.forEach(hook -> hook.accept(this));
  }

  private static StateDict hooked(List<UnaryOperator<StateDict>> hooks, StateDict given) {
    StateDict state = given;
    for (UnaryOperator<StateDict> hook : hooks) {
      state = hook.apply(state);
    }
    return state;
  }

  /// The kind of optimizer and its groups, one a line.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(getClass().getSimpleName());
    for (ParamGroup<O> group : groups) {
      text.append("\n  ")
          .append(group.parameters().size())
          .append(" parameters, ")
          .append(group.options());
    }
    return text.toString();
  }
}

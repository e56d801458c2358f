package dev.proteus.nn;

import dev.proteus.error.DTypeException;
import dev.proteus.state.LoadOptions;
import dev.proteus.state.LoadReport;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Buffer;
import dev.proteus.tensor.HookHandle;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// A named tree of parameters and buffers, and what computes with them.
///
/// Nothing is found by reflection: a constructor registers what belongs to its module, each under a
/// name, and the order of registration is the order of every list (rule SD-8). Moving, converting
/// and loading change what the tensors hold and never which tensors they are, so whoever holds one,
/// such as an optimizer, goes on holding the right one; and they change all or nothing (rules
/// TO-26, TO-33, SD-25).
///
/// A tree is built and changed by one thread at a time; computing with it changes nothing unless a
/// module says so.
///
/// ```java
/// final class Net extends Layer {
///   private final Linear hidden = module("hidden", new Linear(2, 16));
///   private final Linear output = module("output", new Linear(16, 1));
///
///   @Override
///   protected Tensor compute(Tensor input) {
///     return output.forward(hidden.forward(input).relu());
///   }
/// }
/// ```
public abstract class Module {
  private final SequencedMap<String, Parameter> parameters = new LinkedHashMap<>();
  private final SequencedMap<String, Buffer> buffers = new LinkedHashMap<>();
  private final SequencedMap<String, Persistence> persistence = new LinkedHashMap<>();
  private final SequencedMap<String, Module> children = new LinkedHashMap<>();
  private final List<ForwardPreHook> preHooks = new CopyOnWriteArrayList<>();
  private final List<ForwardHook> hooks = new CopyOnWriteArrayList<>();
  private volatile boolean training = true;

  /// An empty module in training.
  protected Module() {}

  // ---- registration

  /// Makes `parameter` part of this module; one of the same name is replaced.
  ///
  /// @return `parameter`
  /// @throws IllegalArgumentException if the name is empty, contains a dot or is a buffer's or a
  ///   module's, or if the parameter is the result of a recorded call (rules SD-1, SD-2)
  protected final Parameter parameter(String name, Parameter parameter) {
    checkName(name, "parameter", buffers, children);
    if (!parameter.isLeaf()) {
      throw new IllegalArgumentException(
          "parameter: '%s' of %s is not a leaf; detach it first (rule SD-1)"
              .formatted(name, typeName()));
    }
    parameters.put(name, parameter);
    return parameter;
  }

  /// Makes a new parameter of what `initial` gives, and lets go of everything else made on the way.
  protected final Parameter parameter(String name, Supplier<Tensor> initial) {
    Parameter made = owned(initial, Parameter::of);
    return parameter(name, made);
  }

  /// Makes `buffer` part of this module; one of the same name is replaced, persistence too (rule
  /// SD-5).
  ///
  /// @return `buffer`
  /// @throws IllegalArgumentException if the name is empty, contains a dot or is a parameter's or a
  ///   module's
  protected final Buffer buffer(String name, Buffer buffer, Persistence kept) {
    checkName(name, "buffer", parameters, children);
    buffers.put(name, buffer);
    persistence.put(name, kept);
    return buffer;
  }

  /// Makes a new buffer of what `initial` gives, and lets go of everything else made on the way.
  protected final Buffer buffer(String name, Supplier<Tensor> initial, Persistence kept) {
    Buffer made = owned(initial, Buffer::of);
    return buffer(name, made, kept);
  }

  private <T extends Tensor> T owned(Supplier<Tensor> initial, Function<Tensor, T> role) {
    T made = Scope.noGrad(() -> Scope.memory(() -> role.apply(initial.get())));
    initials.put(made, initial);
    return made;
  }

  /// Makes `child` part of this module; one of the same name is replaced (rule SD-6).
  ///
  /// @return `child`
  /// @throws IllegalArgumentException if the name is empty, contains a dot or is a parameter's or a
  ///   buffer's
  protected final <M extends Module> M module(String name, M child) {
    checkName(name, "module", parameters, buffers);
    children.put(name, child);
    return child;
  }

  @SafeVarargs
  private void checkName(String name, String kind, SequencedMap<String, ?>... others) {
    if (name.isEmpty() || name.contains(".")) {
      throw new IllegalArgumentException(
          "%s: '%s' is no name in %s; it must not be empty nor contain a dot (rule SD-1)"
              .formatted(kind, name, typeName()));
    }
    for (SequencedMap<String, ?> other : others) {
      if (other.containsKey(name)) {
        throw new IllegalArgumentException(
            "%s: %s has something else named '%s' already (rule SD-1)"
                .formatted(kind, typeName(), name));
      }
    }
  }

  // ---- the tree

  /// The parameter at a path such as `encoder.fc1.weight`.
  ///
  /// @throws IllegalStateException if there is none (rule SD-7)
  public final Parameter parameter(String path) {
    return Paths.find(this, path, "parameter", m -> m.parameters);
  }

  /// The buffer at a path such as `norm.running_mean`.
  ///
  /// @throws IllegalStateException if there is none (rule SD-7)
  public final Buffer buffer(String path) {
    return Paths.find(this, path, "buffer", m -> m.buffers);
  }

  /// The module at a path such as `encoder.fc1`; this itself at the empty path.
  ///
  /// @throws IllegalStateException if there is none (rule SD-7)
  public final Module module(String path) {
    return path.isEmpty() ? this : Paths.find(this, path, "module", m -> m.children);
  }

  /// All parameters of the tree, each once.
  public final List<Parameter> parameters() {
    return List.copyOf(namedParameters().values());
  }

  /// All parameters of the tree by path, each under its first one.
  public final SequencedMap<String, Parameter> namedParameters() {
    return namedParameters(Duplicates.REMOVE);
  }

  /// All parameters of the tree by path.
  public final SequencedMap<String, Parameter> namedParameters(Duplicates duplicates) {
    return Paths.members(this, duplicates, m -> m.parameters);
  }

  /// All buffers of the tree by path, each under its first one.
  public final SequencedMap<String, Buffer> namedBuffers() {
    return namedBuffers(Duplicates.REMOVE);
  }

  /// All buffers of the tree by path.
  public final SequencedMap<String, Buffer> namedBuffers(Duplicates duplicates) {
    return Paths.members(this, duplicates, m -> m.buffers);
  }

  /// All modules of the tree by path, each under its first one; this itself is at the empty path.
  public final SequencedMap<String, Module> namedModules() {
    return namedModules(Duplicates.REMOVE);
  }

  /// All modules of the tree by path.
  public final SequencedMap<String, Module> namedModules(Duplicates duplicates) {
    return Paths.modules(this, duplicates);
  }

  /// The modules right below this one by name; cannot be changed.
  public final SequencedMap<String, Module> children() {
    return Collections.unmodifiableSequencedMap(children);
  }

  /// This module's own state: parameters, then persistent buffers.
  final SequencedMap<String, Tensor> ownState() {
    SequencedMap<String, Tensor> state = new LinkedHashMap<>(parameters);
    buffers.forEach((name, buffer) -> {
      if (persistence.get(name) == Persistence.PERSISTENT) {
        state.put(name, buffer);
      }
    });
    return state;
  }

  /// Shows every module of the tree to `visitor`, children before parents (rule TO-10).
  public Module apply(Consumer<Module> visitor) {
    children.values().forEach(child -> child.apply(visitor));
    visitor.accept(this);
    return this;
  }

  // ---- modes

  /// Whether this computes as in training, which it does at first.
  public final boolean isTraining() {
    return training;
  }

  /// Lets the whole tree compute as in training.
  public Module train() {
    return training(true);
  }

  /// Lets the whole tree compute as in use.
  public Module eval() {
    return training(false);
  }

  private Module training(boolean mode) {
    return apply(m -> m.training = mode);
  }

  /// Lets all parameters of the tree be learned, or none.
  public Module requiresGrad_(boolean required) {
    parameters().forEach(p -> p.requiresGrad_(required));
    return this;
  }

  /// Drops the gradients of all parameters of the tree.
  public final void zeroGrad() {
    parameters().forEach(Tensor::clearGrad);
  }

  // ---- conversion

  /// Where the first values of own tensors come from, of those registered with a supplier.
  private final Map<Tensor, Supplier<Tensor>> initials = new LinkedHashMap<>();

  final Map<Tensor, Supplier<Tensor>> initials() {
    return initials;
  }

  /// Moves and converts all parameters, gradients and buffers of the tree, all or nothing (rule
  /// TO-33). What is there already stays as it is (rule TO-18).
  ///
  /// @throws dev.proteus.error.BackendUnavailableException if the device has no backend
  /// @throws dev.proteus.error.NoDataException if something is on meta and the device is not (rule
  ///   TO-35)
  /// @throws dev.proteus.error.DeviceOutOfMemoryException if it does not fit
  /// @throws dev.proteus.error.SwapRefusedException if the policy forbids it
  /// @throws DTypeException if a parameter requires grad and its new type cannot
  public Module to(Conversion conversion) {
    Converting.to(this, conversion);
    return this;
  }

  /// Moves everything; see [#to(Conversion)].
  public Module to(Device device) {
    return to(Conversion.to(device));
  }

  /// Converts what is floating; others keep their type (rule TO-11).
  ///
  /// @throws DTypeException if `dtype` is not floating (rule TO-2)
  public Module to(DType dtype) {
    return to(Conversion.to(dtype));
  }

  /// Moves and converts in one go; see [#to(Device)] and [#to(DType)].
  public Module to(Device device, DType dtype) {
    return to(Conversion.to(dtype).device(device));
  }

  /// Moves and converts to where and what `like` is (rule TO-1).
  ///
  /// @throws DTypeException if that is not floating (rule TO-2)
  public Module to(Tensor like) {
    return to(like.device(), like.dtype());
  }

  /// Converts everything, integers and booleans too (rule TO-8).
  ///
  /// @throws DTypeException if a parameter requires grad and `dtype` cannot
  public Module type(DType dtype) {
    return to(Conversion.NONE.dtype(dtype, Conversion.Cast.ALL));
  }

  public Module half() {
    return to(DType.FLOAT16);
  }

  public Module bfloat16() {
    return to(DType.BFLOAT16);
  }

  public Module float32() {
    return to(DType.FLOAT32);
  }

  public Module float64() {
    return to(DType.FLOAT64);
  }

  public Module cpu() {
    return to(Device.CPU);
  }

  /// Gives all parameters, gradients and buffers of the tree memory with undefined content on
  /// `device`: how a skeleton on meta comes to life (rules TO-9, MD-14).
  public Module toEmpty(Device device) {
    return toEmpty(device, Recurse.TREE);
  }

  /// As [#toEmpty(Device)], for the tree or for this module's own tensors only.
  public Module toEmpty(Device device, Recurse recurse) {
    Converting.toEmpty(this, device, recurse);
    return this;
  }

  /// Gives what is on meta memory on `device` and the initial values it would have had there, all
  /// or nothing (rule MD-15). What has values already keeps them.
  ///
  /// @throws IllegalStateException if a tensor on meta was not registered with a supplier
  public Module materialize(Device device) {
    Converting.materialize(this, device);
    return this;
  }

  /// The paths of what is on meta still (rule MD-15).
  public final List<String> metaReport() {
    SequencedMap<String, Tensor> all = new LinkedHashMap<>(namedParameters());
    all.putAll(namedBuffers());
    return all.entrySet().stream()
        .filter(entry -> entry.getValue().device().isMeta())
        .map(Map.Entry::getKey)
        .toList();
  }

  /// Gives own parameters and buffers that were registered with a supplier new initial values.
  public final void resetParameters() {
    Scope.noGrad(() ->
        Scope.memory(() ->
            initials.forEach(
                (tensor, initial) -> tensor.copy_(Scope.on(tensor.device(), initial)))));
  }

  /// Called after tensors of this tree were given other contents by conversion or loading, for
  /// modules that keep something derived from them (rule TO-29b).
  protected void onBodiesReplaced() {}

  // ---- state

  /// The parameters and persistent buffers of the tree by path, tied ones under each of theirs, as
  /// aliases that see later changes; [StateDict#copy()] does not (rules SD-11, SD-12).
  public final StateDict stateDict() {
    StateDict.Builder builder = StateDict.builder();
    Paths.modules(this, Duplicates.KEEP)
        .forEach((path, module) -> {
          builder.version(path, module.stateVersion());
          module
              .ownState()
              .forEach((name, tensor) -> builder.put(Paths.join(path, name), tensor.detach()));
        });
    return builder.build();
  }

  /// Which form of this module's own state a state dict of today has; a module that changes its
  /// names counts up (rule SD-14).
  protected int stateVersion() {
    return 1;
  }

  /// The own entries of this module as of today, from a state dict of an earlier version (rule
  /// SD-26).
  ///
  /// @param state entries at and below this module, by path from here
  /// @param version the version they were made by, if known
  protected StateDict upgrade(StateDict state, OptionalInt version) {
    return state;
  }

  /// Takes over the values of `state` by copy; all names must match.
  ///
  /// @throws dev.proteus.error.StateDictException if they do not, or if a value does not fit;
  ///   nothing has changed then
  public final LoadReport load(StateDict state) {
    return load(state, LoadOptions.DEFAULT);
  }

  /// Takes over the values of `state`, which stays as it is. All checks come first; nothing changes
  /// if one fails (rule SD-25).
  ///
  /// @throws dev.proteus.error.StateDictException with one line for each thing that is wrong (rule
  ///   SD-24)
  public final LoadReport load(StateDict state, LoadOptions options) {
    return new Loading(this, state, options).run();
  }

  // ---- hooks

  /// Lets `hook` see and replace the inputs of every later call (rule SD-50).
  public final HookHandle registerForwardPreHook(ForwardPreHook hook) {
    return HookHandle.added(preHooks, hook);
  }

  /// Lets `hook` see and replace the output of every later call (rule SD-50).
  public final HookHandle registerForwardHook(ForwardHook hook) {
    return HookHandle.added(hooks, hook);
  }

  /// Runs `compute` between the hooks. Every `forward` goes through here.
  protected final Tensor hooked(List<Tensor> inputs, Function<List<Tensor>, Tensor> compute) {
    List<Tensor> given = inputs;
    for (ForwardPreHook hook : preHooks) {
      given = hook.apply(this, given).orElse(given);
    }
    Tensor output = compute.apply(given);
    for (ForwardHook hook : hooks) {
      output = hook.apply(this, given, output).orElse(output);
    }
    return output;
  }

  // ---- text

  /// The name of this kind of module, as printed.
  protected final String typeName() {
    return getClass().getSimpleName();
  }

  /// What is special about this module, as printed in its parentheses: `in=2, out=16`.
  protected String details() {
    return "";
  }

  /// The tree, one module a line.
  @Override
  public String toString() {
    if (children.isEmpty()) {
      return typeName() + "(" + details() + ")";
    }
    StringBuilder text = new StringBuilder(typeName()).append("(").append(details());
    children.forEach((name, child) ->
        text.append("\n  (")
            .append(name)
            .append("): ")
            .append(child.toString().replace("\n", "\n  ")));
    return text.append("\n)").toString();
  }
}

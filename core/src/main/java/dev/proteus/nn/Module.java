package dev.proteus.nn;

import dev.proteus.error.DTypeException;
import dev.proteus.state.LoadOptions;
import dev.proteus.state.LoadReport;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Buffer;
import dev.proteus.tensor.HookHandle;
import dev.proteus.tensor.ModuleTensor;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Snapshot;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.SequencedMap;
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
  private final Registry registry = new Registry();
  private final InitialValues initialValues = new InitialValues();
  private final CallHooks callHooks = CallHooks.changeable();
  private final StateHooks stateHooks = new StateHooks();
  private volatile boolean training = true;

  /// An empty module in training.
  protected Module() {}

  // ---- registration

  /// Makes `parameter` part of this module; one of the same name is replaced.
  ///
  /// @return `parameter`, or what a registration hook of [ModuleHooks] put in its place
  /// @throws IllegalArgumentException if the name is empty, contains a dot or is a buffer's or a
  ///   module's, or if the parameter is the result of a recorded call (rules SD-1, SD-2)
  protected final Parameter parameter(String name, Parameter parameter) {
    return registry.add(this, name, parameter);
  }

  /// Makes a new parameter of what `initial` gives, and lets go of everything else made on the way.
  protected final Parameter parameter(String name, Supplier<Tensor> initial) {
    Parameter made = owned(initial, Parameter::of);
    initialValues.add(made, initial);
    return parameter(name, made);
  }

  /// Makes `buffer` part of this module; one of the same name is replaced, persistence too (rule
  /// SD-5).
  ///
  /// @return `buffer`, or what a registration hook of [ModuleHooks] put in its place
  /// @throws IllegalArgumentException if the name is empty, contains a dot or is a parameter's or a
  ///   module's
  protected final Buffer buffer(String name, Buffer buffer, Persistence kept) {
    return registry.add(this, name, buffer, kept);
  }

  /// Makes a new buffer of what `initial` gives, and lets go of everything else made on the way.
  protected final Buffer buffer(String name, Supplier<Tensor> initial, Persistence kept) {
    Buffer made = owned(initial, Buffer::of);
    initialValues.add(made, initial);
    return buffer(name, made, kept);
  }

  /// Writes other first values into a tensor of the tree, now and whenever [#materialize(Device)]
  /// makes them again.
  ///
  /// @param values writes into the tensor it is given, as the methods of [Init] do
  protected final void initialise(Tensor tensor, Consumer<Tensor> values) {
    initialValues.addWrite(tensor, values);
    values.accept(tensor);
  }

  private static <T extends Tensor> T owned(Supplier<Tensor> initial, Function<Tensor, T> role) {
    return Scope.noGrad(() -> Scope.memory(() -> role.apply(initial.get())));
  }

  /// Makes `child` part of this module; one of the same name is replaced (rule SD-6).
  ///
  /// @return `child`, or what a registration hook of [ModuleHooks] put in its place
  /// @throws IllegalArgumentException if the name is empty, contains a dot or is a parameter's or a
  ///   buffer's
  protected final <M extends Module> M module(String name, M child) {
    return registry.add(this, name, child);
  }

  // ---- the tree

  /// A number that grows whenever a parameter or module is registered in the tree: as long as it is
  /// the same, so are the parameters.
  public final long registrations() {
    return registry.registrations();
  }

  /// The parameter at a path such as `encoder.fc1.weight`.
  ///
  /// @throws IllegalStateException if there is none (rule SD-7)
  public final Parameter parameter(String path) {
    return Paths.find(this, path, "parameter", m -> m.registry.parameters());
  }

  /// The buffer at a path such as `norm.running_mean`.
  ///
  /// @throws IllegalStateException if there is none (rule SD-7)
  public final Buffer buffer(String path) {
    return Paths.find(this, path, "buffer", m -> m.registry.buffers());
  }

  /// The module at a path such as `encoder.fc1`; this itself at the empty path.
  ///
  /// @throws IllegalStateException if there is none (rule SD-7)
  public final Module module(String path) {
    return path.isEmpty() ? this : Paths.find(this, path, "module", Module::children);
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
    return Paths.members(this, duplicates, m -> m.registry.parameters());
  }

  /// All buffers of the tree by path, each under its first one.
  public final SequencedMap<String, Buffer> namedBuffers() {
    return namedBuffers(Duplicates.REMOVE);
  }

  /// All buffers of the tree by path.
  public final SequencedMap<String, Buffer> namedBuffers(Duplicates duplicates) {
    return Paths.members(this, duplicates, m -> m.registry.buffers());
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
    return Collections.unmodifiableSequencedMap(registry.children());
  }

  /// All parameters of the tree by path, then all buffers, whether they persist or not.
  final SequencedMap<String, ModuleTensor> namedTensors() {
    SequencedMap<String, ModuleTensor> all = new LinkedHashMap<>(namedParameters());
    all.putAll(namedBuffers());
    return all;
  }

  /// Shows every module of the tree to `visitor`, children before parents (rule TO-10).
  public Module apply(Consumer<Module> visitor) {
    registry.children().values().forEach(child -> child.apply(visitor));
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

  /// Gives what is on meta, and only that, memory on `device` and the initial values it was
  /// registered with: what a skeleton is after [#toEmpty(Device)] and initialising each layer, or
  /// what a load by assignment left over (rule MD-15). A seed gives the values that it would have
  /// given without meta.
  ///
  /// @throws IllegalStateException if something on meta was registered as a tensor, so that its
  ///   values are not known; nothing has changed then
  public Module materialize(Device device) {
    Converting.materialize(this, device);
    return this;
  }

  /// The names of all parameters and buffers that are on meta, also of those that are not saved;
  /// uninitialized ones have no values to be given yet (rule MD-15).
  public final List<String> metaReport() {
    return List.copyOf(onMeta().keySet());
  }

  final SequencedMap<String, ModuleTensor> onMeta() {
    SequencedMap<String, ModuleTensor> all = namedTensors();
    all.values().removeIf(t -> !t.device().isMeta() || t.isUninitialized());
    return all;
  }

  final InitialValues initialValues() {
    return initialValues;
  }

  /// Gives own parameters and buffers that were registered with a supplier new initial values.
  public final void resetParameters() {
    initialValues.reset();
  }

  /// Called after tensors of this tree were given other contents by conversion or loading, for
  /// modules that keep something derived from them (rule TO-29b).
  protected void onBodiesReplaced() {}

  // ---- state

  /// The parameters and persistent buffers of the tree by path, tied ones under each of theirs, as
  /// aliases that see later changes; [StateDict#copy()] does not (rules SD-11, SD-12).
  public final StateDict stateDict() {
    return stateDict(Handles.DETACHED);
  }

  /// The state of the tree; see [#stateDict()].
  public final StateDict stateDict(Handles handles) {
    return new Saving(handles).collect("", this);
  }

  /// What this module saves of its own: other names, say, or entries left out. Children save theirs
  /// in any case (rule SD-16). [#upgrade(StateDict, OptionalInt)] has to understand it.
  ///
  /// @param own this module's own entries, without its children's
  protected StateDict saved(StateDict own) {
    return own;
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
  /// if one fails, or if a value cannot be written (rule SD-25).
  ///
  /// @throws dev.proteus.error.StateDictException with one line for each thing that is wrong (rule
  ///   SD-24)
  public final LoadReport load(StateDict state, LoadOptions options) {
    return new Loading(this, state, options).run();
  }

  /// What all parameters and buffers of the tree hold now, for a request to be answered with,
  /// whatever swaps and conversions do meanwhile; see [Snapshot].
  public final Snapshot snapshot() {
    return Snapshot.of(namedTensors().values());
  }

  // ---- hooks

  /// Lets `hook` see and replace the inputs of every later call, after those registered before
  /// (rule SD-50).
  public final HookHandle registerForwardPreHook(ForwardPreHook hook) {
    return registerForwardPreHook(hook, HookOrder.LAST);
  }

  /// Lets `hook` see and replace the inputs of every later call (rule SD-50).
  public final HookHandle registerForwardPreHook(ForwardPreHook hook, HookOrder order) {
    return order.add(callHooks.before(), hook);
  }

  /// Lets `hook` see and replace the output of every later call, after those registered before
  /// (rule SD-50).
  public final HookHandle registerForwardHook(ForwardHook hook) {
    return registerForwardHook(hook, HookOrder.LAST);
  }

  /// Lets `hook` see and replace the output of every later call (rule SD-50).
  public final HookHandle registerForwardHook(ForwardHook hook, HookOrder order) {
    return order.add(callHooks.after(), hook);
  }

  /// Lets `hook` know of the end of every later call, also of one that failed (rule SD-51).
  public final HookHandle registerAlwaysHook(AlwaysHook hook) {
    return HookOrder.LAST.add(callHooks.always(), hook);
  }

  /// Lets `hook` see and replace the gradients of what later calls return, before backward enters
  /// them (rule SD-53).
  public final HookHandle registerBackwardPreHook(BackwardPreHook hook, HookOrder order) {
    return order.add(callHooks.beforeBackward(), hook);
  }

  /// Lets `hook` see and replace the gradients that backward finds for the inputs of later calls
  /// (rule SD-53). What such a call takes and returns cannot be written in place (rule SD-54).
  public final HookHandle registerBackwardHook(BackwardHook hook, HookOrder order) {
    return order.add(callHooks.afterBackward(), hook);
  }

  /// Lets `hook` know that this module is about to save its state (rule SD-16).
  public final HookHandle registerStateDictPreHook(StateDictPreHook hook) {
    return HookOrder.LAST.add(stateHooks.beforeSave(), hook);
  }

  /// Lets `hook` edit what this module and those below it save (rule SD-16).
  public final HookHandle registerStateDictHook(StateDictHook hook) {
    return HookOrder.LAST.add(stateHooks.afterSave(), hook);
  }

  /// Lets `hook` edit what this module and those below it are given to load (rule SD-21).
  public final HookHandle registerLoadPreHook(LoadPreHook hook) {
    return HookOrder.LAST.add(stateHooks.beforeLoad(), hook);
  }

  /// Lets `hook` edit the lists of names that did not match (rule SD-21).
  public final HookHandle registerLoadHook(LoadHook hook) {
    return HookOrder.LAST.add(stateHooks.afterLoad(), hook);
  }

  /// Runs `compute` between the hooks. Every `forward` goes through here.
  protected final Tensor hooked(List<Tensor> inputs, Function<List<Tensor>, Tensor> compute) {
    return HookedCall.run(this, callHooks, inputs, Parametrizations.around(this, compute));
  }

  final Registry registry() {
    return registry;
  }

  final StateHooks stateHooks() {
    return stateHooks;
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
    return registry.print(typeName() + "(" + details());
  }
}

package dev.proteus.nn;

import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A module of one input and one output: what [Sequential] chains, and what most models are.
///
/// A subclass says what it computes; callers use [#forward(Tensor)], which runs the hooks too.
public abstract class Layer extends Module {
  /// What waits for the first input; nothing before the first wish and after that input.
  private volatile @Nullable FirstInput pending;

  /// An empty layer in training.
  protected Layer() {}

  /// The output for `input`.
  protected abstract Tensor compute(Tensor input);

  /// The output for `input`, between the hooks.
  public final Tensor forward(Tensor input) {
    return hooked(List.of(input), inputs -> initialized(inputs.getFirst()));
  }

  private Tensor initialized(Tensor input) {
    FirstInput waiting = pending;
    if (waiting != null) {
      waiting.arrive(this, input);
      pending = null;
    }
    return compute(input);
  }

  /// Lets `initial` make the content of `target`, an uninitialized parameter or buffer of this
  /// layer, from the first input that the layer computes with, which pre-hooks have seen (rule
  /// SD-61). It runs unrecorded, with the type and on the device that `target` has by then. If
  /// `target` was loaded or materialized in the meantime, it keeps what it has.
  protected final void onFirstInput(Tensor target, Function<Tensor, Tensor> initial) {
    FirstInput waiting = pending;
    pending = (waiting == null ? FirstInput.NOTHING : waiting).and(target, initial);
  }

  @Override
  public Layer apply(Consumer<Module> visitor) {
    super.apply(visitor);
    return this;
  }

  @Override
  public Layer train() {
    super.train();
    return this;
  }

  @Override
  public Layer eval() {
    super.eval();
    return this;
  }

  @Override
  public Layer requiresGrad_(boolean required) {
    super.requiresGrad_(required);
    return this;
  }

  @Override
  public Layer to(Conversion conversion) {
    super.to(conversion);
    return this;
  }

  @Override
  public Layer to(Tensor like) {
    super.to(like);
    return this;
  }

  @Override
  public Layer to(Device device) {
    super.to(device);
    return this;
  }

  @Override
  public Layer to(DType dtype) {
    super.to(dtype);
    return this;
  }

  @Override
  public Layer to(Device device, DType dtype) {
    super.to(device, dtype);
    return this;
  }

  @Override
  public Layer type(DType dtype) {
    super.type(dtype);
    return this;
  }

  @Override
  public Layer half() {
    super.half();
    return this;
  }

  @Override
  public Layer bfloat16() {
    super.bfloat16();
    return this;
  }

  @Override
  public Layer float32() {
    super.float32();
    return this;
  }

  @Override
  public Layer float64() {
    super.float64();
    return this;
  }

  @Override
  public Layer cpu() {
    super.cpu();
    return this;
  }

  @Override
  public Layer toEmpty(Device device, Recurse recurse) {
    super.toEmpty(device, recurse);
    return this;
  }

  @Override
  public Layer materialize(Device device) {
    super.materialize(device);
    return this;
  }

  @Override
  public Layer toEmpty(Device device) {
    super.toEmpty(device);
    return this;
  }
}

package dev.proteus.tensor;

import dev.proteus.spi.Backends;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Promotion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The settings in force for a stretch of code: how derivatives are recorded, default device and
/// dtype, interpreters, random numbers, memory.
///
/// ```java
/// Tensor y = Scope.noGrad(() -> model.forward(x));
/// Module m = Scope.on(Device.META, () -> new Linear(3, 5));
/// ```
///
/// A scope ends with its lambda, also by an exception, and cannot leak. Threads and executor tasks
/// started inside begin with the defaults; only structured subtasks inherit a scope (rules MD-1,
/// MD-2, AG-30).
public final class Scope {
  private static final ScopedValue<Scope> CURRENT = ScopedValue.newInstance();
  private static final Scope DEFAULT =
      new Scope(Recording.DEFAULT, null, Promotion.REAL, List.of(), Generator.shared(), null);

  /// Whether calls are recorded for derivatives.
  public enum Grad {
    ENABLED,
    DISABLED,
    /// Not recorded, and results can never take part in a recorded call (rule AG-31).
    INFERENCE
  }

  private final Recording recording;
  private final @Nullable Device device;
  private final DType dtype;
  private final List<Interpreter> interpreters;
  private final Generator generator;
  private final @Nullable Frame frame;

  private Scope(
      Recording recording,
      @Nullable Device device,
      DType dtype,
      List<Interpreter> interpreters,
      Generator generator,
      @Nullable Frame frame) {
    this.recording = recording;
    this.device = device;
    this.dtype = dtype;
    this.interpreters = interpreters;
    this.generator = generator;
    this.frame = frame;
  }

  static Scope current() {
    return CURRENT.orElse(DEFAULT);
  }

  /// Runs `body` without recording derivatives. Inside [#inference(Supplier)] it changes nothing.
  public static <R> R noGrad(Supplier<R> body) {
    Scope now = current();
    return now.records() ? now.withGrad(Grad.DISABLED).call(body) : body.get();
  }

  /// Runs `body` without recording derivatives.
  public static void noGrad(Runnable body) {
    noGrad(returningNothing(body));
  }

  /// Runs `body` without recording derivatives, and for good: tensors made inside count no
  /// versions, so that afterwards they cannot be written in place, kept for a derivative or made to
  /// require grad; a clone can (rule AG-31).
  public static <R> R inference(Supplier<R> body) {
    return withGrad(Grad.INFERENCE, body);
  }

  /// Runs `body` in inference mode; see [#inference(Supplier)].
  public static void inference(Runnable body) {
    inference(returningNothing(body));
  }

  /// Runs `body` with derivatives recorded or not; the innermost mode counts.
  public static <R> R withGrad(Grad mode, Supplier<R> body) {
    Scope now = current();
    return now.recording.grad() == mode ? body.get() : now.withGrad(mode).call(body);
  }

  /// Runs `body` on the watch for NaN in gradients (rule AG-19). Each call remembers where it was
  /// made. Backward checks what each derivative gives: the first NaN is an `AutogradException` that
  /// names the call and has that place as its cause; an error of a derivative has it as a
  /// suppressed one. Slow: for finding a mistake.
  public static <R> R detectAnomaly(Supplier<R> body) {
    Scope now = current();
    return now.withRecording(now.recording.withAnomaly(Recording.Anomaly.DETECTED)).call(body);
  }

  /// Runs `body` on the watch for NaN in gradients; see [#detectAnomaly(Supplier)].
  public static void detectAnomaly(Runnable body) {
    detectAnomaly(returningNothing(body));
  }

  /// Runs `body` with every tensor that is kept for a derivative put into another form, and back
  /// when a backward pass needs it (rule AG-43): in fewer bits, on another device, in a file.
  ///
  /// ```java
  /// Scope.savedTensorHooks(
  ///     saved -> saved.dtype() == FLOAT32 ? saved.to(BFLOAT16) : saved,
  ///     packed -> packed.dtype() == BFLOAT16 ? packed.to(FLOAT32) : packed,
  ///     () -> model.forward(x));
  /// ```
  ///
  /// The tensor that `pack` gets is lent: it must not be written, and to use it later `pack`
  /// returns it, or keeps it with [#keep(Tensor)].
  ///
  /// @param pack the other form of a tensor
  /// @param unpack the tensor, of the same shape, type and device, from its other form
  public static <P, R> R savedTensorHooks(
      Function<Tensor, P> pack, Function<P, Tensor> unpack, Supplier<R> body) {
    Scope now = current();
    SavedTensorHooks<P> hooks = new SavedTensorHooks<>(pack, unpack);
    return now.withRecording(now.recording.withHooks(hooks)).call(body);
  }

  /// Runs `body` with `device` as the default of tensors made without one (rule MD-1).
  public static <R> R on(Device device, Supplier<R> body) {
    Scope now = current();
    return new Scope(now.recording, device, now.dtype, now.interpreters, now.generator, now.frame)
        .call(body);
  }

  /// Runs `body` with `dtype` as the default floating type: that of tensors made without one, of
  /// real numbers beside integers, and of real results of integers (rules DT-3, DT-7). What an
  /// operator is defined by, and derivatives, do not depend on it.
  ///
  /// @throws IllegalArgumentException if `dtype` is not floating
  public static <R> R withDType(DType dtype, Supplier<R> body) {
    if (!dtype.isFloating()) {
      throw new IllegalArgumentException(
          "default dtype: "
              + dtype
              + " is not floating; use float64, float32, float16 or bfloat16");
    }
    return current().withDefault(dtype).call(body);
  }

  /// Runs `body` with random numbers drawn from `generator`.
  public static <R> R withGenerator(Generator generator, Supplier<R> body) {
    Scope now = current();
    return new Scope(now.recording, now.device, now.dtype, now.interpreters, generator, now.frame)
        .call(body);
  }

  /// Runs `body` with every call shown to `interpreter` first; the innermost one sees it first
  /// (rule SC-3).
  public static <R> R with(Interpreter interpreter, Supplier<R> body) {
    Scope now = current();
    List<Interpreter> more = new ArrayList<>(now.interpreters);
    more.addFirst(interpreter);
    return now.withInterpreters(List.copyOf(more)).call(body);
  }

  /// Runs `body` and then frees, without waiting for the garbage collector, the storage of every
  /// tensor made inside, except gradients of leaves, what was kept with [#keep(Tensor)], and the
  /// tensor returned. Using a freed one is a `ReleasedException`.
  public static <R> R memory(Supplier<R> body) {
    Scope now = current();
    Frame frame = Frame.ofScope();
    List<TensorBody> results = List.of();
    try {
      R result = now.withFrame(frame).call(body);
      results = bodiesIn(result);
      results.forEach(r -> frame.handOver(r, now.frame));
      return result;
    } finally {
      frame.end(results);
    }
  }

  private static List<TensorBody> bodiesIn(Object result) {
    return switch (result) {
      case Tensor tensor -> List.of(tensor.body());
      case Iterable<?> many -> {
        List<TensorBody> bodies = new ArrayList<>();
        many.forEach(each -> bodies.addAll(bodiesIn(each)));
        yield bodies;
      }
      default -> List.of();
    };
  }

  /// Runs `body` in a memory scope; see [#memory(Supplier)].
  public static void memory(Runnable body) {
    memory(returningNothing(body));
  }

  /// Excludes a tensor from the memory scopes in force, for one that outlives them in a field.
  public static Tensor keep(Tensor tensor) {
    tensor.body().keep();
    return tensor;
  }

  private static Supplier<Optional<Void>> returningNothing(Runnable body) {
    return () -> {
      body.run();
      return Optional.empty();
    };
  }

  /// Whether calls are recorded now.
  public static Grad grad() {
    return current().recording.grad();
  }

  /// The device of tensors made without one.
  public static Device device() {
    Device chosen = current().device;
    return chosen == null ? Backends.defaultDevice() : chosen;
  }

  /// The default floating type.
  public static DType dtype() {
    return current().dtype;
  }

  /// Where random numbers come from.
  public static Generator generator() {
    return current().generator;
  }

  Recording recording() {
    return recording;
  }

  boolean records() {
    return recording.grad() == Grad.ENABLED;
  }

  List<Interpreter> interpreters() {
    return interpreters;
  }

  @Nullable Frame frame() {
    return frame;
  }

  Scope withGrad(Grad mode) {
    return withRecording(recording.withGrad(mode));
  }

  /// This, but without recording.
  Scope withoutGrad() {
    return records() ? withGrad(Grad.DISABLED) : this;
  }

  /// This with the default floating type that definitions and derivatives are written for.
  Scope forDefinitions() {
    return dtype == Promotion.REAL ? this : withDefault(Promotion.REAL);
  }

  private Scope withRecording(Recording other) {
    return new Scope(other, device, dtype, interpreters, generator, frame);
  }

  private Scope withDefault(DType real) {
    return new Scope(recording, device, real, interpreters, generator, frame);
  }

  Scope withInterpreters(List<Interpreter> inForce) {
    return new Scope(recording, device, dtype, inForce, generator, frame);
  }

  Scope withFrame(@Nullable Frame inForce) {
    return new Scope(recording, device, dtype, interpreters, generator, inForce);
  }

  <R> R call(Supplier<R> body) {
    return this == current() ? body.get() : ScopedValue.where(CURRENT, this).call(body::get);
  }
}

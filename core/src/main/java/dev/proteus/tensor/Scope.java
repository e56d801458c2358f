package dev.proteus.tensor;

import dev.proteus.spi.Backends;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The settings in force for a stretch of code: gradient mode, default device and dtype,
/// interpreters, random numbers, memory.
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
      new Scope(Grad.ENABLED, null, DType.FLOAT32, List.of(), Generator.shared(), null);

  /// Whether calls are recorded for derivatives.
  public enum Grad {
    ENABLED,
    DISABLED
  }

  private final Grad grad;
  private final @Nullable Device device;
  private final DType dtype;
  private final List<Interpreter> interpreters;
  private final Generator generator;
  private final @Nullable Frame frame;

  private Scope(
      Grad grad,
      @Nullable Device device,
      DType dtype,
      List<Interpreter> interpreters,
      Generator generator,
      @Nullable Frame frame) {
    this.grad = grad;
    this.device = device;
    this.dtype = dtype;
    this.interpreters = interpreters;
    this.generator = generator;
    this.frame = frame;
  }

  static Scope current() {
    return CURRENT.orElse(DEFAULT);
  }

  /// Runs `body` without recording derivatives.
  public static <R> R noGrad(Supplier<R> body) {
    return withGrad(Grad.DISABLED, body);
  }

  /// Runs `body` without recording derivatives.
  public static void noGrad(Runnable body) {
    noGrad(returningNothing(body));
  }

  /// Runs `body` with derivatives recorded or not.
  public static <R> R withGrad(Grad mode, Supplier<R> body) {
    Scope now = current();
    return now.grad == mode ? body.get() : now.withGrad(mode).call(body);
  }

  /// Runs `body` with `device` as the default of tensors made without one (rule MD-1).
  public static <R> R on(Device device, Supplier<R> body) {
    Scope now = current();
    return new Scope(now.grad, device, now.dtype, now.interpreters, now.generator, now.frame)
        .call(body);
  }

  /// Runs `body` with `dtype` as the default floating type (rule DT-3).
  ///
  /// @throws IllegalArgumentException if `dtype` is not floating
  public static <R> R withDType(DType dtype, Supplier<R> body) {
    if (!dtype.isFloating()) {
      throw new IllegalArgumentException(
          "default dtype: "
              + dtype
              + " is not floating; use float64, float32, float16 or bfloat16");
    }
    Scope now = current();
    return new Scope(now.grad, now.device, dtype, now.interpreters, now.generator, now.frame)
        .call(body);
  }

  /// Runs `body` with random numbers drawn from `generator`.
  public static <R> R withGenerator(Generator generator, Supplier<R> body) {
    Scope now = current();
    return new Scope(now.grad, now.device, now.dtype, now.interpreters, generator, now.frame)
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
    return current().grad;
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

  boolean records() {
    return grad == Grad.ENABLED;
  }

  List<Interpreter> interpreters() {
    return interpreters;
  }

  @Nullable Frame frame() {
    return frame;
  }

  Scope withGrad(Grad mode) {
    return new Scope(mode, device, dtype, interpreters, generator, frame);
  }

  Scope withInterpreters(List<Interpreter> inForce) {
    return new Scope(grad, device, dtype, inForce, generator, frame);
  }

  Scope withFrame(@Nullable Frame inForce) {
    return new Scope(grad, device, dtype, interpreters, generator, inForce);
  }

  <R> R call(Supplier<R> body) {
    return ScopedValue.where(CURRENT, this).call(body::get);
  }
}

package dev.proteus.tensor;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What some tensors held at one moment: while it runs something, those tensors still hold that
/// there, whatever swaps, conversions and loads do meanwhile on other threads.
///
/// ```java
/// try (Snapshot weights = model.snapshot()) {
///   return weights.run(() -> model.forward(x));
/// }
/// ```
///
/// Taking one copies nothing. It sees a `swapAll` wholly or not at all (rule SW-48). It fixes which
/// contents are read, not the values in them: a write in place into a content is seen by everyone
/// who reads it, and one made inside goes into the snapshot's content. As a [Scope] does, it counts
/// for its own thread and for structured subtasks. What it holds is let go by [#close()]; one that
/// is forgotten leaves that to the garbage collector. Safe for use by many threads.
public final class Snapshot implements AutoCloseable {
  private static final ScopedValue<InForce> CURRENT = ScopedValue.newInstance();

  /// How many are running something, so that reading a tensor costs one look where none is.
  private static final AtomicInteger RUNNING = new AtomicInteger();

  private final Map<Tensor, TensorBody> bodies;

  /// Runs under way, and one for being open; at zero the bodies are let go.
  private final AtomicInteger users = new AtomicInteger(1);

  private volatile boolean isClosed;

  /// A snapshot that is running something here, inside another perhaps.
  private record InForce(Map<Tensor, TensorBody> bodies, @Nullable InForce outer) {
    TensorBody of(Tensor tensor, TensorBody held) {
      for (InForce each = this; each != null; each = each.outer) {
        TensorBody body = each.bodies.get(tensor);
        if (body != null) {
          return body;
        }
      }
      return held;
    }
  }

  private Snapshot(Map<Tensor, TensorBody> bodies) {
    this.bodies = bodies;
  }

  /// What `tensors` hold now.
  public static Snapshot of(Collection<? extends Tensor> tensors) {
    return SwapLocks.reading(
        SwapLocks.bits(tensors),
        () -> {
          Map<Tensor, TensorBody> bodies = new HashMap<>();
          for (Tensor tensor : tensors) {
            bodies.computeIfAbsent(tensor, Snapshot::retained);
          }
          return new Snapshot(bodies);
        });
  }

  private static TensorBody retained(Tensor tensor) {
    TensorBody body = tensor.body();
    body.retain();
    return body;
  }

  /// What `tensor`, which holds `held`, is to this thread.
  static TensorBody seen(Tensor tensor, TensorBody held) {
    if (RUNNING.get() == 0 || !CURRENT.isBound()) {
      return held;
    }
    return CURRENT.get().of(tensor, held);
  }

  /// Runs `action` with the tensors as they were.
  ///
  /// @throws IllegalStateException if this is closed
  public <R> R run(Supplier<R> action) {
    enter();
    RUNNING.incrementAndGet();
    try {
      InForce inForce = new InForce(bodies, CURRENT.isBound() ? CURRENT.get() : null);
      return ScopedValue.where(CURRENT, inForce).call(action::get);
    } finally {
      RUNNING.decrementAndGet();
      leave();
    }
  }

  private void enter() {
    int before = users.getAndUpdate(n -> n == 0 ? 0 : n + 1);
    if (before == 0 || isClosed) {
      if (before > 0) {
        leave();
      }
      throw new IllegalStateException("snapshot: it was closed; take another");
    }
  }

  private void leave() {
    if (users.decrementAndGet() == 0) {
      List.copyOf(bodies.values()).forEach(TensorBody::release);
    }
  }

  /// Lets go of the contents, once nothing runs with them any more; calling it again does nothing.
  @Override
  public synchronized void close() {
    if (!isClosed) {
      isClosed = true;
      leave();
    }
  }
}

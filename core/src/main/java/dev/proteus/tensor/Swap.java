package dev.proteus.tensor;

import dev.proteus.error.SwapRefusedException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/// Two tensors about to exchange their bodies.
///
/// @param a one
/// @param b the other; the same tensor makes it a no-op (rule SW-46)
public record Swap(Tensor a, Tensor b) {
  /// Makes all exchanges, after nothing can fail any more (rule SW-45).
  ///
  /// @throws SwapRefusedException if a tensor is named twice; nothing has changed then
  static void all(List<Swap> pairs) {
    exclusively(pairs, () -> pairs.forEach(Swap::commit));
  }

  /// Runs `action` while no other swap touches these tensors.
  static void exclusively(List<Swap> pairs, Runnable action) {
    Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    long locks = 0;
    for (Swap pair : pairs) {
      locks |= SwapLocks.bit(once(pair.a, seen));
      if (pair.b != pair.a) {
        locks |= SwapLocks.bit(once(pair.b, seen));
      }
    }
    SwapLocks.holding(locks, action);
  }

  private static Tensor once(Tensor handle, Set<Tensor> seen) {
    if (!seen.add(handle)) {
      throw new SwapRefusedException(
          "swap: the tensor "
              + handle.spec()
              + " is named twice in one swapAll; a tensor may"
              + " change bodies once (rule SW-48)");
    }
    return handle;
  }

  void commit() {
    if (a == b) {
      return;
    }
    TensorBody first = a.held();
    TensorBody second = b.held();
    leave(first);
    leave(second);
    a.body(second);
    b.body(first);
    arrive(a);
    arrive(b);
  }

  /// Graphs that end at a body which changes hands become stale; memory scopes no longer know who
  /// holds it.
  private static void leave(TensorBody body) {
    body.setAdrift();
    Tape tape = body.tape();
    if (tape != null) {
      tape.detachGraphs();
    }
  }

  private static void arrive(Tensor handle) {
    Tape tape = handle.held().tape();
    if (tape != null) {
      tape.handle(handle);
    }
  }
}

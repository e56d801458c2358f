package dev.proteus.tensor;

import dev.proteus.error.SwapRefusedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
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
    List<Tensor> handles = distinctHandles(pairs);
    handles.sort(Comparator.comparingLong(Tensor::order));
    locked(handles, 0, () -> pairs.forEach(Swap::commit));
  }

  private static List<Tensor> distinctHandles(List<Swap> pairs) {
    Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Tensor> handles = new ArrayList<>();
    for (Swap pair : pairs) {
      List<Tensor> both = pair.a == pair.b ? List.of(pair.a) : List.of(pair.a, pair.b);
      for (Tensor handle : both) {
        if (!seen.add(handle)) {
          throw new SwapRefusedException(
              "swap: the tensor "
                  + handle.spec()
                  + " is named twice in one swapAll; a tensor may"
                  + " change bodies once (rule SW-48)");
        }
        handles.add(handle);
      }
    }
    return handles;
  }

  /// Takes the locks in creation order, so that swaps in opposite order cannot wait for each other
  /// (rule SW-47).
  private static void locked(List<Tensor> handles, int from, Runnable action) {
    if (from == handles.size()) {
      action.run();
      return;
    }
    synchronized (handles.get(from)) {
      locked(handles, from + 1, action);
    }
  }

  private void commit() {
    if (a == b) {
      return;
    }
    TensorBody first = a.body();
    TensorBody second = b.body();
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
    body.keep();
    Tape tape = body.tape();
    if (tape != null) {
      tape.detachGraphs();
    }
  }

  private static void arrive(Tensor handle) {
    Tape tape = handle.body().tape();
    if (tape != null) {
      tape.handle(handle);
    }
  }
}

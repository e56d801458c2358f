package dev.proteus.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// What handles hold, read as a call needs it: all at one moment, so that a swap is seen wholly or
/// not at all (rules D-4, SW-47, SW-48).
///
/// @param inputs the operands
/// @param target what a call in place writes to
record Bodies(List<TensorBody> inputs, TensorBody target) {
  /// The bodies of `handles`.
  static List<TensorBody> of(List<Tensor> handles) {
    if (handles.size() == 1) {
      return List.of(handles.getFirst().body());
    }
    long moment = SwapLocks.moment();
    List<TensorBody> bodies = read(handles);
    return SwapLocks.isStill(moment)
        ? bodies
        : SwapLocks.reading(SwapLocks.bits(handles), () -> read(handles));
  }

  /// The bodies of the operands of a call in place and of what it writes to.
  static Bodies of(List<Tensor> handles, Tensor into) {
    long moment = SwapLocks.moment();
    Bodies bodies = new Bodies(read(handles), into.body());
    return SwapLocks.isStill(moment)
        ? bodies
        : SwapLocks.reading(
            SwapLocks.bits(handles) | SwapLocks.bit(into),
            () -> new Bodies(read(handles), into.body()));
  }

  private static List<TensorBody> read(List<Tensor> handles) {
    int count = handles.size();
    if (count == 1) {
      return List.of(handles.get(0).body());
    }
    if (count == 2) {
      return List.of(handles.get(0).body(), handles.get(1).body());
    }
    List<TensorBody> bodies = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      bodies.add(handles.get(i).body());
    }
    return bodies;
  }

  /// Whether a replacement may let go of one of these while it is read; see [Readers].
  static boolean anyKept(List<TensorBody> bodies) {
    for (int i = 0; i < bodies.size(); i++) {
      if (bodies.get(i).isKept()) {
        return true;
      }
    }
    return false;
  }

  boolean anyKept() {
    return target.isKept() || anyKept(inputs);
  }

  /// Runs `action` with the body of `handle`, which stays until it ends.
  static <R> R reading(Tensor handle, Function<TensorBody, R> action) {
    TensorBody body = handle.body();
    if (!body.isKept()) {
      return action.apply(body);
    }
    int place = Readers.enter();
    try {
      return action.apply(handle.body());
    } finally {
      Readers.leave(place);
    }
  }
}

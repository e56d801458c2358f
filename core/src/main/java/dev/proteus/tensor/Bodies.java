package dev.proteus.tensor;

import dev.proteus.error.DTypeException;
import dev.proteus.op.Op;
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
  static boolean anyGuarded(List<TensorBody> bodies) {
    for (int i = 0; i < bodies.size(); i++) {
      if (bodies.get(i).isGuarded()) {
        return true;
      }
    }
    return false;
  }

  /// Refuses operands whose type changed between the moment when `op` was made for them and now:
  /// the operator would take their bits for something else.
  ///
  /// @throws DTypeException if one has another type
  static List<TensorBody> fitting(Op op, List<TensorBody> inputs) {
    op.madeFor()
        .forEach((input, dtype) -> {
          if (inputs.get(input).spec().dtype() != dtype) {
            throw new DTypeException(
                "%s: operand %s was %s when the call was made and is %s now: another thread changed"
                        .formatted(op.name(), input, dtype, inputs.get(input).spec().dtype())
                    + " its content; a Snapshot holds it for a request (rule SW-47)");
          }
        });
    return inputs;
  }

  boolean anyGuarded() {
    return target.isGuarded() || anyGuarded(inputs);
  }

  /// Runs `action` with the body of `handle`, which stays until it ends.
  static <R> R reading(Tensor handle, Function<TensorBody, R> action) {
    TensorBody body = handle.body();
    if (!body.isGuarded()) {
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

package dev.proteus.tensor;

import dev.proteus.error.SwapRefusedException;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Two tensors about to exchange their bodies.
///
/// @param a one
/// @param b the other; the same tensor makes it a no-op (rule SW-46)
public record Swap(Tensor a, Tensor b) {
  public Swap {
    check(a, b);
  }

  private static void check(Tensor a, Tensor b) {
    Objects.requireNonNull(a, "swap: the tensor a is null (rule SW-24)");
    Objects.requireNonNull(b, "swap: the tensor b is null (rule SW-24)");
  }

  /// One exchange, without allocating anything where nobody listens.
  static void one(Tensor a, Tensor b) {
    check(a, b);
    if (a == b) {
      return;
    }
    TensorBody first;
    TensorBody second;
    long locks = SwapLocks.bit(a) | SwapLocks.bit(b);
    SwapLocks.take(locks);
    try {
      first = a.held();
      second = b.held();
      exchange(a, b, SwapPolicy.Graphs.STALE);
    } finally {
      SwapLocks.giveBack(locks);
    }
    announce(a, first, second);
    announce(b, second, first);
  }

  private static void announce(Tensor tensor, TensorBody before, TensorBody after) {
    if (BodyListeners.has(tensor)) {
      BodyListeners.announce(
          new BodyChange(tensor, before.knownSpec(), after.knownSpec(), BodyChange.Cause.SWAP));
    }
  }

  /// Makes all exchanges, after nothing can fail any more (rule SW-45).
  ///
  /// @throws SwapRefusedException if a tensor is named twice, or the policy forbids it; nothing has
  ///   changed then
  static void all(List<Swap> pairs, SwapPolicy policy) {
    List<BodyChange> changes = new ArrayList<>();
    exclusively(
        pairs,
        () -> {
          List<String> refusals = refusals(pairs, policy);
          if (!refusals.isEmpty()) {
            throw new SwapRefusedException(String.join("\n  ", refusals));
          }
          for (Swap pair : pairs) {
            pair.note(changes);
            exchange(pair.a, pair.b, policy.graphs());
          }
        });
    changes.forEach(BodyListeners::announce);
  }

  /// Why these exchanges would be refused, one line for each reason; none if they would be made. A
  /// dry run: nothing changes.
  public static List<String> refusals(List<Swap> pairs, SwapPolicy policy) {
    List<String> reasons = new ArrayList<>();
    Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Swap pair : pairs) {
      refusal(pair.a, policy, seen).ifPresent(reasons::add);
      if (pair.b != pair.a) {
        refusal(pair.b, policy, seen).ifPresent(reasons::add);
      }
    }
    return reasons;
  }

  private static Optional<String> refusal(Tensor handle, SwapPolicy policy, Set<Tensor> seen) {
    if (!seen.add(handle)) {
      return Optional.of(
          "swap: the tensor "
              + handle.knownSpec()
              + " is named twice in one swapAll; a tensor may change bodies once (rule SW-48)");
    }
    return switch (policy.views()) {
      case FOLLOW -> Optional.empty();
      case REFUSE -> viewRefusal(handle);
    };
  }

  static Optional<String> viewRefusal(Tensor handle) {
    return handle.held().isViewed()
        ? Optional.of(
            "swap: the tensor "
                + handle.knownSpec()
                + " has views that would go on reading its old body; drop them, or swap with"
                + " SwapPolicy.DEFAULT (rule SW-41)")
        : Optional.empty();
  }

  /// Runs `action` while no other swap touches these tensors.
  static void exclusively(List<Swap> pairs, Runnable action) {
    long locks = 0;
    for (Swap pair : pairs) {
      locks |= SwapLocks.bit(pair.a) | SwapLocks.bit(pair.b);
    }
    SwapLocks.take(locks);
    try {
      action.run();
    } finally {
      SwapLocks.giveBack(locks);
    }
  }

  /// Writes down what observers will be told; called before the exchange.
  private void note(List<BodyChange> changes) {
    if (a != b) {
      note(a, b, BodyChange.Cause.SWAP, changes);
      note(b, a, BodyChange.Cause.SWAP, changes);
    }
  }

  /// Writes down that `tensor` gets what `other` holds, if someone wants to hear of it. What they
  /// hold counts, whatever a snapshot in force says.
  static void note(Tensor tensor, Tensor other, BodyChange.Cause cause, List<BodyChange> changes) {
    if (BodyListeners.has(tensor)) {
      TensorSpec before = tensor.held().knownSpec();
      changes.add(new BodyChange(tensor, before, other.held().knownSpec(), cause));
    }
  }

  static void exchange(Tensor a, Tensor b, SwapPolicy.Graphs graphs) {
    if (a == b) {
      return;
    }
    TensorBody first = a.held();
    TensorBody second = b.held();
    first.setAdrift();
    second.setAdrift();
    switch (graphs) {
      case STALE -> {
        poison(first);
        poison(second);
      }
      case RETARGET -> retarget(first, second);
    }
    a.body(second);
    b.body(first);
    arrive(a);
    arrive(b);
  }

  /// Graphs that end at a body which changes hands become stale (rule SW-34).
  private static void poison(TensorBody body) {
    Tape tape = body.tape();
    if (tape != null) {
      tape.detachGraphs();
    }
  }

  /// End points of graphs stay with the tensors, unless shapes differ (rule SW-35).
  private static void retarget(TensorBody first, TensorBody second) {
    Tape one = first.tape();
    Tape two = second.tape();
    if (!first.knownSpec().shape().equals(second.knownSpec().shape())) {
      poison(first);
      poison(second);
      return;
    }
    Accumulator ofFirst = one == null ? null : one.takeAccumulator();
    Accumulator ofSecond = two == null ? null : two.takeAccumulator();
    if (ofFirst != null) {
      second.tapeOrNew().accept(ofFirst, second);
    }
    if (ofSecond != null) {
      first.tapeOrNew().accept(ofSecond, first);
    }
  }

  private static void arrive(Tensor handle) {
    Tape tape = handle.held().tape();
    if (tape != null && !tape.postAccumulateHooks().isEmpty()) {
      tape.handle(handle);
    }
  }
}

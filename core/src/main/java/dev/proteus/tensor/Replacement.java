package dev.proteus.tensor;

import dev.proteus.error.AutogradException;
import dev.proteus.error.DTypeException;
import dev.proteus.error.SwapRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A tensor about to get another content while it stays what it is among leaves: how conversion and
/// loading use a swap (rules TO-26, SD-31).
///
/// The target takes values, shape, type and device of `content`; that it requires grad, its hooks
/// and its gradient stay. What it held before is let go as soon as no call reads it any more, if it
/// was kept, as a parameter's is, else by the collector; `content` must not be used afterwards.
/// Graphs recorded before, if they end at the target, become stale (rule TO-27).
///
/// @param target the tensor that others hold
/// @param content a tensor of one's own, outside any graph
public record Replacement(Tensor target, Tensor content) {
  /// Makes all replacements, after nothing can fail any more.
  static void all(List<Replacement> replacements, BodyChange.Cause cause, SwapPolicy policy) {
    replacements.forEach(Replacement::check);
    List<Swap> pairs = replacements.stream().map(r -> new Swap(r.target, r.content)).toList();
    List<BodyChange> changes = new ArrayList<>();
    List<TensorBody> replaced = new ArrayList<>();
    Swap.exclusively(
        pairs,
        () -> {
          refuse(pairs, policy);
          for (Replacement each : replacements) {
            Swap.note(each.target, each.content, cause, changes);
            replaced.add(each.commit(policy));
          }
        });
    Readers.letGo(replaced);
    changes.forEach(BodyListeners::announce);
  }

  /// Views count at the targets only; a content is one's own.
  private static void refuse(List<Swap> pairs, SwapPolicy policy) {
    List<String> reasons = new ArrayList<>(Swap.refusals(pairs, SwapPolicy.DEFAULT));
    if (policy.views() == SwapPolicy.Views.REFUSE) {
      pairs.stream()
          .map(p -> Swap.viewRefusal(p.a()))
          .flatMap(Optional::stream)
          .forEach(reasons::add);
    }
    if (!reasons.isEmpty()) {
      throw new SwapRefusedException(String.join("\n  ", reasons));
    }
  }

  private void check() {
    if (learns(target.held()) && !content.dtype().isFloating()) {
      throw new DTypeException(
          "replace: the new content is "
              + content.spec()
              + ", but the tensor requires grad, which only floating types can (rule SD-33)");
    }
    if (content.requiresGrad()) {
      throw new AutogradException(
          "replace: the new content " + content.spec() + " requires grad; detach it first");
    }
  }

  /// What the target holds counts, whatever a snapshot in force says.
  private static boolean learns(TensorBody body) {
    Tape tape = body.tape();
    return tape != null && tape.isLeafToLearn();
  }

  /// The new body has its place among leaves before anyone can see it.
  private TensorBody commit(SwapPolicy policy) {
    TensorBody before = target.held();
    content.held().keep();
    Tape place = before.tape();
    if (place != null) {
      content.held().tapeOrNew().succeed(place);
    }
    Swap.exchange(target, content, policy.graphs());
    return before;
  }
}

package dev.proteus.tensor;

import dev.proteus.error.AutogradException;
import dev.proteus.error.DTypeException;
import java.util.ArrayList;
import java.util.List;

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
  static void all(List<Replacement> replacements) {
    replacements.forEach(Replacement::check);
    List<Swap> pairs = replacements.stream().map(r -> new Swap(r.target, r.content)).toList();
    List<TensorBody> replaced = new ArrayList<>();
    Swap.exclusively(pairs, () -> replacements.forEach(r -> replaced.add(r.commit())));
    Readers.letGo(replaced);
  }

  private void check() {
    if (target.isLeaf() && target.requiresGrad() && !content.dtype().isFloating()) {
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

  /// The new body has its place among leaves before anyone can see it.
  private TensorBody commit() {
    TensorBody before = target.held();
    content.held().keep();
    Tape place = before.tape();
    if (place != null) {
      content.held().tapeOrNew().succeed(place);
    }
    new Swap(target, content).commit();
    return before;
  }
}

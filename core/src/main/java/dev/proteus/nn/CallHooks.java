package dev.proteus.nn;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// What runs around the calls of a module. A hook may be removed while calls run: each list is read
/// as it was when its turn began (rule SD-55).
record CallHooks(
    List<ForwardPreHook> before,
    List<ForwardHook> after,
    List<AlwaysHook> always,
    List<BackwardPreHook> beforeBackward,
    List<BackwardHook> afterBackward) {

  static CallHooks changeable() {
    return new CallHooks(
        new CopyOnWriteArrayList<>(),
        new CopyOnWriteArrayList<>(),
        new CopyOnWriteArrayList<>(),
        new CopyOnWriteArrayList<>(),
        new CopyOnWriteArrayList<>());
  }

  /// These as they are now.
  CallHooks copy() {
    return new CallHooks(
        List.copyOf(before),
        List.copyOf(after),
        List.copyOf(always),
        List.copyOf(beforeBackward),
        List.copyOf(afterBackward));
  }

  boolean isEmpty() {
    return before.isEmpty() && after.isEmpty() && always.isEmpty() && !seesGradients();
  }

  boolean seesGradients() {
    return !beforeBackward.isEmpty() || !afterBackward.isEmpty();
  }

  /// All of these, then all of `more`.
  CallHooks and(CallHooks more) {
    CallHooks all = changeable();
    all.addAll(this);
    all.addAll(more);
    return all.copy();
  }

  void addAll(CallHooks more) {
    before.addAll(more.before);
    after.addAll(more.after);
    always.addAll(more.always);
    beforeBackward.addAll(more.beforeBackward);
    afterBackward.addAll(more.afterBackward);
  }
}

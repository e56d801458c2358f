package dev.proteus.nn;

import java.util.List;

/// A change that can be taken back.
///
/// @param make does it
/// @param undo puts back what was there before, also if [#make] stopped half way
record Change(Runnable make, Runnable undo) {
  /// Makes all changes, then runs `rest`. If anything fails, what was begun is taken back, the
  /// latest first.
  static void all(List<Change> changes, Runnable rest) {
    int begun = 0;
    try {
      for (Change change : changes) {
        begun++;
        change.make.run();
      }
      rest.run();
    } catch (RuntimeException | Error e) {
      for (Change change : changes.subList(0, begun).reversed()) {
        change.undoAfter(e);
      }
      throw e;
    }
  }

  /// What fails here must not hide why.
  private void undoAfter(Throwable failure) {
    try {
      undo.run();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}

package dev.proteus.oracle;

/// Draws the arguments of a case.
@FunctionalInterface
interface Draw {
  void into(Draft draft);

  /// One after the other.
  static Draw of(Draw first, Draw... more) {
    Draw all = first;
    for (Draw next : more) {
      all = all.then(next);
    }
    return all;
  }

  /// This, and then more arguments.
  default Draw then(Draw more) {
    return draft -> {
      into(draft);
      more.into(draft);
    };
  }
}

package dev.proteus.optim;

/// A search along a direction for a place where the loss has fallen enough and is flat enough
/// (Wolfe, 1969; Nocedal, Wright, "Numerical optimization", 2006, algorithms 3.5 and 3.6): first a
/// way out until such a place is passed, then a way in between two places, by cubic interpolation.
final class StrongWolfe {
  /// Share of the first slope by which the loss must fall.
  private static final double FALL = 1e-4;

  /// Share of the first slope that may be left.
  private static final double FLAT = 0.9;

  /// How much nearer than the ends a place between two others must be.
  private static final double MARGIN = 0.1;

  /// How many places are looked at, at most.
  private static final int MOST = 25;

  /// One place of the line.
  ///
  /// @param length of the way from the start, in directions
  /// @param slope of the loss along the direction
  /// @param grad the gradient there
  record Place(double length, double loss, double slope, SplitVector grad) {}

  /// What computes the loss and its gradient anywhere on the line.
  interface Line {
    Place at(double length);
  }

  private final Place start;
  private final Line line;
  private final double shortest;
  private int left = MOST;

  /// @param shortest difference of lengths that counts
  StrongWolfe(Place start, Line line, double shortest) {
    this.start = start;
    this.line = line;
    this.shortest = shortest;
  }

  /// The best place found, the first of these lengths tried first.
  Place find(double first) {
    Place before = start;
    Place now = at(first);
    while (true) {
      if (isTooHigh(now) || before.length() > 0 && now.loss() >= before.loss()) {
        return between(before, now);
      }
      if (isFlat(now) || left <= 0) {
        return now;
      }
      if (now.slope() >= 0) {
        return between(now, before);
      }
      double step = now.length() - before.length();
      double next = lowest(before, now);
      before = now;
      now = at(Math.clamp(finite(next), now.length() + MARGIN * step, now.length() + 9 * step));
    }
  }

  private static double finite(double length) {
    return Double.isFinite(length) ? length : Double.MAX_VALUE;
  }

  /// @param low the better end, from which the loss falls towards the other
  private Place between(Place low, Place high) {
    Place best = low;
    Place end = high;
    while (left > 0 && Math.abs(end.length() - best.length()) > shortest) {
      Place now = at(inside(best, end));
      if (isTooHigh(now) || now.loss() >= best.loss()) {
        end = now;
      } else {
        if (isFlat(now)) {
          return now;
        }
        if (now.slope() * (end.length() - best.length()) >= 0) {
          end = best;
        }
        best = now;
      }
    }
    return best;
  }

  private Place at(double length) {
    left--;
    return line.at(length);
  }

  /// Also where the loss is no number.
  private boolean isTooHigh(Place place) {
    return !(place.loss() <= start.loss() + FALL * place.length() * start.slope());
  }

  private boolean isFlat(Place place) {
    return Math.abs(place.slope()) <= -FLAT * start.slope();
  }

  /// Where the cubic through both ends is lowest, but not near an end; the middle if there is none.
  private static double inside(Place a, Place b) {
    double first = Math.min(a.length(), b.length());
    double width = Math.abs(b.length() - a.length());
    double length = lowest(a, b);
    return Double.isFinite(length)
        ? Math.clamp(length, first + MARGIN * width, first + (1 - MARGIN) * width)
        : first + width / 2;
  }

  /// The minimum of the cubic with the losses and slopes of both places, or NaN.
  private static double lowest(Place a, Place b) {
    double width = b.length() - a.length();
    double bend = a.slope() + b.slope() - 3 * (b.loss() - a.loss()) / width;
    double root = Math.copySign(Math.sqrt(bend * bend - a.slope() * b.slope()), width);
    return b.length() - width * (b.slope() + root - bend) / (b.slope() - a.slope() + 2 * root);
  }
}

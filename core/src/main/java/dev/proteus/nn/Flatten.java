package dev.proteus.nn;

import dev.proteus.tensor.Tensor;

/// Axes from one to another joined into one: by default all but the batch's.
public final class Flatten extends Layer {
  private final int start;
  private final int end;

  public Flatten() {
    this(1, -1);
  }

  /// @param start the first axis joined
  /// @param end the last one; both may count from the end
  public Flatten(int start, int end) {
    this.start = start;
    this.end = end;
  }

  @Override
  protected Tensor compute(Tensor input) {
    return input.flatten(start, end);
  }

  @Override
  protected String details() {
    return "start=%s, end=%s".formatted(start, end);
  }
}

package dev.proteus.nn;

import dev.proteus.op.Interpolate;
import dev.proteus.tensor.Tensor;
import java.util.Arrays;

/// The last axes resampled by factors, as many axes as factors: see [dev.proteus.op.Interpolate].
public final class Upsample extends Layer {
  private final Interpolate.Mode mode;
  private final Interpolate.Corners corners;
  private final double[] factors;

  public Upsample(Interpolate.Mode mode, double... factors) {
    this(mode, Interpolate.Corners.FREE, factors);
  }

  public Upsample(Interpolate.Mode mode, Interpolate.Corners corners, double... factors) {
    this.mode = mode;
    this.corners = corners;
    this.factors = factors.clone();
  }

  @Override
  protected Tensor compute(Tensor input) {
    return input.interpolateBy(mode, corners, factors);
  }

  @Override
  protected String details() {
    return "%s, factors=%s".formatted(mode, Arrays.toString(factors));
  }
}

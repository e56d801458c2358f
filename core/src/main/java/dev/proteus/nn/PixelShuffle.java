package dev.proteus.nn;

import dev.proteus.tensor.Tensor;

/// Channels `[*, C·r², H, W]` laid out as pixels `[*, C, H·r, W·r]` (Shi and others, "Real-time
/// single image super-resolution", 2016).
public final class PixelShuffle extends Layer {
  private final int factor;

  public PixelShuffle(int factor) {
    this.factor = factor;
  }

  @Override
  protected Tensor compute(Tensor input) {
    return input.pixelShuffle(factor);
  }

  @Override
  protected String details() {
    return "factor=" + factor;
  }
}

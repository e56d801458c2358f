package dev.proteus.backend.cpu.conv;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.memory.Volume;
import dev.proteus.spi.Operand;

/// Loops over the channels of all images.
final class Pools {
  private static final long WORTHWHILE = 1 << 15;

  private Pools() {}

  /// Some of the channels.
  @FunctionalInterface
  interface Share {
    /// Works on channels `from` to `to`, exclusive, counted over all images.
    void run(long from, long to);
  }

  /// Works on all channels of an operand `[N, C, *]`.
  ///
  /// @param cost about how many elements are touched in a channel
  static void forChannels(CpuBackend backend, Operand x, long cost, Share share) {
    long channels = x.shape().size(0) * x.shape().size(1);
    long grain = Math.clamp(WORTHWHILE / Math.max(1, cost), 1, 1 << 16);
    backend.threads().forRange(channels, grain, share::run);
  }

  /// Channel number `i` of all.
  static Volume channel(Operand x, Volume volume, long i) {
    long channels = x.shape().size(1);
    return volume.from(i / channels, i % channels);
  }
}

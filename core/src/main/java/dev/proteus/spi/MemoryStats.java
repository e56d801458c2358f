package dev.proteus.spi;

import java.util.List;

/// What a backend's allocator holds at one moment, in bytes.
///
/// @param live bytes in storages in use, as asked for
/// @param peak the highest `live` so far, or since [Backend#resetPeak]
/// @param cached bytes kept for reuse
/// @param allocations storages made so far
/// @param reused how many of them came from the cache
/// @param classes the same by size class, ascending
public record MemoryStats(
    long live, long peak, long cached, long allocations, long reused, List<SizeClass> classes) {
  public MemoryStats {
    classes = List.copyOf(classes);
  }

  /// One size class of the allocator.
  ///
  /// @param blockBytes size of each of its blocks
  /// @param liveBlocks blocks in use
  /// @param cachedBlocks blocks kept for reuse
  public record SizeClass(long blockBytes, long liveBlocks, long cachedBlocks) {}
}

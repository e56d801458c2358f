package dev.proteus.backend.cpu.memory;

import dev.proteus.spi.MemoryStats;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// All blocks of one size: how many are lent, and those that wait for reuse. Guarded by itself.
///
/// There are sixteen sizes between a power of two and the next, so a block is at most a sixteenth
/// larger than what is asked for.
final class SizeClass {
  /// Alignment of every block: a cache line, and the widest vector.
  static final long ALIGNMENT = 64;

  /// The largest request that can be met at all.
  static final long LARGEST = 1L << 55;

  private static final int STEPS = 16;

  private final long blockBytes;
  private final ArrayDeque<Block> waiting = new ArrayDeque<>();
  private long lent;

  private SizeClass(long blockBytes) {
    this.blockBytes = blockBytes;
  }

  /// Memory from the system, which can be given back alone.
  record Block(Arena arena, MemorySegment segment) {
    long bytes() {
      return segment.byteSize();
    }
  }

  /// Classes for blocks from 256 bytes to 2^56.
  static SizeClass[] all() {
    SizeClass[] classes = new SizeClass[STEPS * 52];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = new SizeClass((long) (i % STEPS + STEPS + 1) << (i / STEPS));
    }
    return classes;
  }

  /// The place in [#all()] of the smallest block that holds so many bytes.
  static int index(long bytes) {
    long last = Math.max(bytes, 2 * STEPS) - 1;
    int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(last) - 4;
    return shift * STEPS + (int) (last >>> shift) - STEPS;
  }

  long blockBytes() {
    return blockBytes;
  }

  /// The block given back last, which may still be in a cache of the processor.
  synchronized @Nullable Block reuse() {
    Block block = waiting.pollLast();
    if (block != null) {
      lent++;
    }
    return block;
  }

  /// A new block from the system.
  ///
  /// @throws OutOfMemoryError if the system has none
  @SuppressWarnings("MustBeClosedChecker") // the block owns it
  Block obtain() {
    Arena arena = Arena.ofShared();
    try {
      Block block = new Block(arena, arena.allocate(blockBytes, ALIGNMENT));
      synchronized (this) {
        lent++;
      }
      return block;
    } catch (OutOfMemoryError e) {
      arena.close();
      throw e;
    }
  }

  synchronized void giveBack(Block block) {
    lent--;
    waiting.addLast(block);
  }

  /// Gives the block that has waited longest to the system; false if none waits.
  synchronized boolean discard() {
    Block block = waiting.pollFirst();
    if (block == null) {
      return false;
    }
    block.arena().close();
    return true;
  }

  synchronized MemoryStats.SizeClass stats() {
    return new MemoryStats.SizeClass(blockBytes, lent, waiting.size());
  }
}

package dev.proteus.backend.cpu.memory;

import dev.proteus.backend.cpu.memory.SizeClass.Block;
import dev.proteus.error.DeviceOutOfMemoryException;
import dev.proteus.spi.MemoryStats;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Native memory that is asked of the system once and lent again and again.
///
/// ## Why not one arena per tensor
///
/// The system hands out pages that do not exist yet. The first write to each one traps, and the
/// kernel clears it: filling 64 MiB of fresh memory takes ten times as long as filling 64 MiB that
/// was in use a moment ago. A tensor engine makes and forgets such blocks all day, so who avoids
/// the trap wins more than any kernel can. Hence memory that comes back is kept, by size, and the
/// next one who asks for that size gets it as it is: warm, and with old content.
///
/// ## Sizes
///
/// Above [#SMALL] bytes a storage owns a block. Block sizes come in classes, sixteen to each
/// doubling ([SizeClass]): coarse enough that tensors of a changing batch meet again, fine enough
/// that a block is a few percent too large on average. Each block is an arena of its own, so
/// [#trim()] can close any of them.
///
/// Up to [#SMALL] bytes a storage is a slice of a [Slab], a block of 64 KiB consumed from front to
/// back. Making one is an atomic addition; there is no list to search, no arena, and nothing to
/// register. Threads are spread over several open slabs, so they rarely meet on one counter. A
/// slice is never used twice within one life of its slab; the slab goes back when all its slices
/// were released.
///
/// ## Three ways back
///
/// 1. *Released.* The engine knows when the last tensor lets go of a storage and says so. This is
///    the normal way: memory turns around at once, and a training loop runs in the blocks of its
///    first steps.
/// 2. *Forgotten.* A tensor that user code simply drops is found by the garbage collector. Each
///    block's lease, and each slab, is registered with a [Cleaner]; what runs then knows the block
///    but not the lease, else the lease would stay reachable. Running by `release` and running by
///    the collector are the same `Cleanable`, which runs once, so nothing comes back twice.
/// 3. *Called in.* The collector sees a tensor as a few dozen bytes and feels no hurry. So growth
///    of live memory stands in for its sense of pressure: when live bytes have grown by a gibibyte,
///    and have at least doubled, since the last collection that was asked for, one is asked for. A
///    loop that releases levels off, so it is asked at most a few times while it warms up.
///
/// ## When there is no more
///
/// The limit counts all that was taken from the system. A request beyond it first closes cached
/// blocks of other sizes. If that is not enough, a collection runs, its findings are awaited for a
/// moment, everything cached is closed, and the request is tried once more. Then the error says
/// what was asked for and what is live, by size.
///
/// Safe for use by many threads. Guards: each size class by itself, each slab by its atomic ledger,
/// the counters are atomic.
public final class CachingAllocator {
  /// Storages of up to so many bytes are slices of slabs.
  static final long SMALL = 4096;

  private static final long GROWTH_BEFORE_HINT = 1L << 30;
  private static final long QUIET_AFTER_HINT = 5;
  private static final long QUIET_WHEN_SHORT = 100;

  private final MemoryLimit limit;
  private final Cleaner cleaner = Cleaner.create();
  private final SizeClass[] classes = SizeClass.all();
  private final AtomicReferenceArray<@Nullable Slab> current;
  private final Set<Slab.Ledger> slabs = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean hinting = new AtomicBoolean();
  private volatile long liveAtHint;

  private final AtomicLong live = new AtomicLong();
  private final AtomicLong peak = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong blocksTaken = new AtomicLong();
  private final AtomicLong blocksReturned = new AtomicLong();
  private final AtomicLong allocations = new AtomicLong();

  /// An allocator that takes at most so much from the system.
  public CachingAllocator(MemoryLimit limit) {
    this.limit = limit;
    int stripes = Integer.highestOneBit(Runtime.getRuntime().availableProcessors() * 4 - 1);
    this.current = new AtomicReferenceArray<>(stripes);
  }

  /// Memory with undefined content, aligned to 64 bytes.
  ///
  /// @throws DeviceOutOfMemoryException if the limit does not allow it even after a collection
  public CpuStorage allocate(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("allocate: " + bytes + " bytes is negative");
    }
    return bytes <= SMALL ? slice(bytes) : whole(bytes);
  }

  private CpuStorage slice(long bytes) {
    int stripe = (int) Thread.currentThread().threadId() & (current.length() - 1);
    while (true) {
      Slab slab = current.get(stripe);
      CpuStorage storage = slab == null ? null : slab.cut(bytes);
      if (storage != null) {
        return storage;
      }
      synchronized (this) {
        if (current.get(stripe) == slab) {
          current.set(stripe, openSlab());
        }
      }
    }
  }

  private Slab openSlab() {
    Block block = block(Slab.BYTES);
    Slab.Ledger ledger = new Slab.Ledger();
    slabs.add(ledger);
    grow(Slab.BYTES);
    return new Slab(cleaner, block.segment(), ledger, () -> closeSlab(block, ledger));
  }

  private void closeSlab(Block block, Slab.Ledger ledger) {
    slabs.remove(ledger);
    allocations.addAndGet(ledger.slices());
    giveBack(block, Slab.BYTES);
  }

  private CpuStorage whole(long bytes) {
    Block block = block(bytes);
    allocations.incrementAndGet();
    grow(bytes);
    return new CpuStorage(block.segment(), 0, bytes, new Whole(this, block, bytes));
  }

  /// The lease of a whole block. It is registered in place of its storage, which is the only one to
  /// hold it.
  private static final class Whole implements CpuStorage.Lease {
    private final Cleaner.Cleanable returning;

    Whole(CachingAllocator allocator, Block block, long bytes) {
      this.returning = allocator.cleaner.register(this, () -> allocator.giveBack(block, bytes));
    }

    @Override
    public void giveBack(long base, long bytes) {
      returning.clean();
    }
  }

  /// A storage over memory of someone else's. It counts nowhere: it is neither taken from the
  /// system nor kept for reuse.
  ///
  /// @param released runs once, when the storage is released or forgotten; must not refer to it
  public CpuStorage adopt(MemorySegment memory, Runnable released) {
    return new CpuStorage(memory, 0, memory.byteSize(), new Adopted(cleaner, released));
  }

  /// The lease of memory that was adopted, held by its storage only.
  private static final class Adopted implements CpuStorage.Lease {
    private final Cleaner.Cleanable returning;

    Adopted(Cleaner cleaner, Runnable released) {
      this.returning = cleaner.register(this, released);
    }

    @Override
    public void giveBack(long base, long bytes) {
      returning.clean();
    }
  }

  private void giveBack(Block block, long bytes) {
    live.addAndGet(-bytes);
    classes[SizeClass.index(block.bytes())].giveBack(block);
    blocksReturned.incrementAndGet();
  }

  private void grow(long bytes) {
    long now = live.addAndGet(bytes);
    if (now > peak.get()) {
      peak.accumulateAndGet(now, Math::max);
    }
    if (now - liveAtHint > Math.max(GROWTH_BEFORE_HINT, liveAtHint)
        && hinting.compareAndSet(false, true)) {
      collect(QUIET_AFTER_HINT);
      liveAtHint = live.get();
      hinting.set(false);
    }
  }

  private Block block(long bytes) {
    if (bytes <= SizeClass.LARGEST) {
      SizeClass sizes = classes[SizeClass.index(bytes)];
      Block block = tryBlock(sizes);
      if (block == null) {
        collect(QUIET_WHEN_SHORT);
        trim();
        block = tryBlock(sizes);
      }
      if (block != null) {
        return block;
      }
    }
    throw new DeviceOutOfMemoryException(report(bytes));
  }

  private @Nullable Block tryBlock(SizeClass sizes) {
    Block cached = sizes.reuse();
    if (cached != null) {
      return cached;
    }
    if (!reserve(sizes.blockBytes())) {
      return null;
    }
    try {
      Block block = sizes.obtain();
      blocksTaken.incrementAndGet();
      return block;
    } catch (OutOfMemoryError _) {
      taken.addAndGet(-sizes.blockBytes());
      return null;
    }
  }

  /// Counts so many bytes as taken, for which cached blocks are closed as far as the limit demands.
  private boolean reserve(long bytes) {
    if (limit.allows(taken.addAndGet(bytes))) {
      return true;
    }
    for (int i = classes.length - 1; i >= 0; i--) {
      while (!limit.allows(taken.get()) && discard(classes[i])) {}
    }
    if (limit.allows(taken.get())) {
      return true;
    }
    taken.addAndGet(-bytes);
    return false;
  }

  private boolean discard(SizeClass sizes) {
    boolean discarded = sizes.discard();
    if (discarded) {
      taken.addAndGet(-sizes.blockBytes());
    }
    return discarded;
  }

  /// Gives all memory that is not in use back to the system.
  public void trim() {
    for (SizeClass sizes : classes) {
      while (discard(sizes)) {}
    }
  }

  /// Asks for a collection and waits until nothing it found has come back for `quiet` milliseconds.
  /// Not for long, though: a JVM may ignore the request.
  private void collect(long quiet) {
    CountDownLatch found = new CountDownLatch(1);
    cleaner.register(new Object(), found::countDown);
    System.gc();
    try {
      if (found.await(1, TimeUnit.SECONDS)) {
        long before;
        do {
          before = blocksReturned.get();
          Thread.sleep(quiet);
        } while (blocksReturned.get() != before);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What is live and cached now. Slices count as rounded up to 64 bytes; in the peak, slabs count
  /// as a whole.
  public MemoryStats stats() {
    long slices = 0;
    long sliceBytes = 0;
    long slabBytes = 0;
    for (Slab.Ledger ledger : slabs) {
      slices += ledger.slices();
      sliceBytes += ledger.live();
      slabBytes += Slab.BYTES;
    }
    List<MemoryStats.SizeClass> used = new ArrayList<>();
    long cached = 0;
    for (SizeClass sizes : classes) {
      MemoryStats.SizeClass stats = sizes.stats();
      if (stats.liveBlocks() + stats.cachedBlocks() > 0) {
        used.add(stats);
        cached += stats.cachedBlocks() * stats.blockBytes();
      }
    }
    long made = allocations.get() + slices;
    return new MemoryStats(
        live.get() - slabBytes + sliceBytes,
        peak.get(),
        cached,
        made,
        made - Math.min(made, blocksTaken.get()),
        used);
  }

  /// Counts the peak anew, from what is live now.
  public void resetPeak() {
    peak.set(live.get());
  }

  private String report(long bytes) {
    MemoryStats stats = stats();
    StringBuilder text =
        new StringBuilder("cpu: out of memory: asked for ")
            .append(amount(bytes))
            .append(", live ")
            .append(amount(stats.live()))
            .append(", cached ")
            .append(amount(stats.cached()))
            .append(", limit ")
            .append(amount(limit.bytes()))
            .append(" (-D")
            .append(MemoryLimit.PROPERTY)
            .append("); live blocks by size:");
    for (MemoryStats.SizeClass sizes : stats.classes()) {
      if (sizes.liveBlocks() > 0) {
        text.append(
            String.format(
                Locale.ROOT,
                "%n%10d x %10s = %10s",
                sizes.liveBlocks(),
                amount(sizes.blockBytes()),
                amount(sizes.liveBlocks() * sizes.blockBytes())));
      }
    }
    return text.toString();
  }

  private static String amount(long bytes) {
    int power = 0;
    double value = bytes;
    while (value >= 1024 && power < 4) {
      value /= 1024;
      power++;
    }
    return power == 0
        ? bytes + " B"
        : String.format(Locale.ROOT, "%.1f %ciB", value, "KMGT".charAt(power - 1));
  }
}

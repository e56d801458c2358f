package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.OpenClDriver.Buffer;
import dev.proteus.error.DeviceOutOfMemoryException;
import dev.proteus.spi.MemoryStats;
import dev.proteus.type.Device;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Buffers that are asked of the device once and lent again and again.
///
/// The queue runs commands in order, so a buffer may be lent again while the last command on it
/// still waits. Sizes come in classes, eight to each doubling. What a driver would find out at the
/// first use of a buffer, that there is no more memory, is counted here.
///
/// Safe for use by many threads: everything is guarded by this object.
final class DeviceMemory {
  private static final long SMALLEST = 256;
  private static final long QUIET_MILLIS = 50;
  private static final Cleaner CLEANER = Cleaner.create();

  private final OpenClDriver driver;
  private final Device device;
  private final long limit;
  private final long largest;
  private final TreeMap<Long, Deque<Buffer>> waiting = new TreeMap<>();
  private final TreeMap<Long, Integer> lent = new TreeMap<>();
  private long taken;
  private long live;
  private long peak;
  private long allocations;
  private long reused;

  DeviceMemory(OpenClDriver driver, Device device, long limit, long largest) {
    this.driver = driver;
    this.device = device;
    this.limit = limit;
    this.largest = largest;
    driver.whenShort(this::trim);
  }

  /// One buffer on loan to one storage.
  private final class Lending implements OpenClStorage.Loan, Runnable {
    private final Buffer buffer;
    private final long bytes;
    private boolean givenBack;

    Lending(Buffer buffer, long bytes) {
      this.buffer = buffer;
      this.bytes = bytes;
    }

    @Override
    public Buffer buffer() {
      return buffer;
    }

    @Override
    public boolean isGivenBack() {
      synchronized (DeviceMemory.this) {
        return givenBack;
      }
    }

    @Override
    public void giveBack() {
      synchronized (DeviceMemory.this) {
        if (!givenBack) {
          givenBack = true;
          live -= bytes;
          lent.merge(buffer.bytes(), -1, Integer::sum);
          waiting.computeIfAbsent(buffer.bytes(), _ -> new ArrayDeque<>()).push(buffer);
        }
      }
    }

    @Override
    public void run() {
      giveBack();
    }
  }

  /// @throws DeviceOutOfMemoryException if there is none even after a collection and after what is
  ///   kept was given up, listing what is live
  OpenClStorage allocate(long bytes) {
    Lending lending = new Lending(take(bytes, size(bytes)), bytes);
    synchronized (this) {
      live += bytes;
      peak = Math.max(peak, live);
      allocations++;
      lent.merge(lending.buffer.bytes(), 1, Integer::sum);
    }
    OpenClStorage storage = new OpenClStorage(device, bytes, lending);
    CLEANER.register(storage, lending);
    return storage;
  }

  /// A storage over memory of someone else's.
  OpenClStorage adopt(MemorySegment memory, Runnable released) {
    AdoptedMemory adopted = new AdoptedMemory(driver, memory, released);
    OpenClStorage storage = new OpenClStorage(device, memory.byteSize(), adopted);
    CLEANER.register(storage, adopted);
    return storage;
  }

  private Buffer take(long bytes, long size) {
    try {
      return tryTake(size);
    } catch (DeviceOutOfMemoryException e) {
      if (size > Math.min(largest, limit)) {
        throw new DeviceOutOfMemoryException(report(bytes, e), e);
      }
    }
    collect();
    trim();
    try {
      return tryTake(size);
    } catch (DeviceOutOfMemoryException e) {
      throw new DeviceOutOfMemoryException(report(bytes, e), e);
    }
  }

  static long size(long bytes) {
    long step = Math.max(SMALLEST, Long.highestOneBit(Math.max(1, bytes)) / 8);
    return Math.max(SMALLEST, (bytes + step - 1) / step * step);
  }

  private synchronized Buffer tryTake(long size) {
    Deque<Buffer> kept = waiting.get(size);
    if (kept != null && !kept.isEmpty()) {
      reused++;
      return kept.pop();
    }
    if (size > limit - taken) {
      trim();
    }
    if (size > largest || size > limit - taken) {
      throw new DeviceOutOfMemoryException(
          "%s: a buffer of %s bytes is too large; %s of %s are taken, and one has at most %s"
              .formatted(device, size, taken, limit, largest));
    }
    Buffer buffer = driver.allocate(size);
    taken += size;
    return buffer;
  }

  /// Asks for a collection and waits, not for long, until what it finds has come back.
  private void collect() {
    CountDownLatch found = new CountDownLatch(1);
    CLEANER.register(new Object(), found::countDown);
    System.gc();
    try {
      if (found.await(1, TimeUnit.SECONDS)) {
        long before;
        do {
          before = stats().live();
          Thread.sleep(QUIET_MILLIS);
        } while (stats().live() != before);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String report(long bytes, DeviceOutOfMemoryException reason) {
    MemoryStats stats = stats();
    StringBuilder text =
        new StringBuilder(
            "%s: out of memory: asked for %s bytes; live %s, taken from the device %s of %s, largest buffer %s; live buffers by size:"
                .formatted(device, bytes, stats.live(), taken(), limit, largest));
    for (MemoryStats.SizeClass size : stats.classes()) {
      if (size.liveBlocks() > 0) {
        text.append(" %s x %s".formatted(size.liveBlocks(), size.blockBytes()));
      }
    }
    return text.append("; ").append(reason.getMessage()).toString();
  }

  private synchronized long taken() {
    return taken;
  }

  /// Gives what is kept back to the device.
  synchronized void trim() {
    for (Deque<Buffer> kept : waiting.values()) {
      for (Buffer buffer : kept) {
        taken -= buffer.bytes();
        buffer.release();
      }
    }
    waiting.clear();
  }

  synchronized void resetPeak() {
    peak = live;
  }

  private MemoryStats stats() {
    return stats(0);
  }

  /// @param others bytes that are kept for reuse beside what is here
  synchronized MemoryStats stats(long others) {
    List<MemoryStats.SizeClass> classes = new ArrayList<>();
    long cached = others;
    TreeMap<Long, Integer> sizes = new TreeMap<>(lent);
    waiting.keySet().forEach(size -> sizes.putIfAbsent(size, 0));
    for (var size : sizes.entrySet()) {
      Deque<Buffer> kept = waiting.getOrDefault(size.getKey(), new ArrayDeque<>());
      cached += kept.size() * size.getKey();
      if (size.getValue() + kept.size() > 0) {
        classes.add(new MemoryStats.SizeClass(size.getKey(), size.getValue(), kept.size()));
      }
    }
    return new MemoryStats(live, peak, cached, allocations, reused, classes);
  }
}

package dev.proteus.backend.cpu.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.DeviceOutOfMemoryException;
import dev.proteus.error.ReleasedException;
import dev.proteus.spi.MemoryStats;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// What the allocator promises: alignment, reuse, statistics, and what happens when memory is
/// short.
final class CachingAllocatorTest {
  private static final long MIB = 1 << 20;

  private static CachingAllocator allocator(long limit) {
    return new CachingAllocator(MemoryLimit.of(limit));
  }

  private static long address(CpuStorage storage) {
    return storage.segment().address() + storage.base();
  }

  @Test
  void everySizeIsAlignedAndItsOwn() {
    CachingAllocator allocator = allocator(1 << 30);
    Random random = new Random(1);
    List<CpuStorage> storages = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      long bytes = random.nextInt(random.nextBoolean() ? 300 : 100_000);
      CpuStorage storage = allocator.allocate(bytes);
      assertEquals(bytes, storage.bytes());
      assertEquals(0, address(storage) % 64);
      storage.segment().asSlice(storage.base(), bytes).fill((byte) i);
      storages.add(storage);
    }
    for (int i = 0; i < storages.size(); i++) {
      CpuStorage storage = storages.get(i);
      for (long at = 0; at < storage.bytes(); at++) {
        byte met = storage.segment().get(ValueLayout.JAVA_BYTE, storage.base() + at);
        assertEquals((byte) i, met, "storage " + i + " was written by another");
      }
    }
  }

  @Test
  void aReleasedBlockIsTheNextOfItsSize() {
    CachingAllocator allocator = allocator(1 << 30);
    CpuStorage first = allocator.allocate(64 * MIB);
    long address = address(first);
    first.release();
    MemoryStats cached = allocator.stats();
    assertEquals(0, cached.live());
    assertTrue(cached.cached() >= 64 * MIB);
    CpuStorage second = allocator.allocate(64 * MIB - 100);
    assertEquals(address, address(second));
    assertEquals(1, allocator.stats().reused());
    assertEquals(0, allocator.stats().cached());
  }

  @Test
  void blocksAreAtMostASixteenthTooLarge() {
    for (long bytes = 4097; bytes < 1L << 40; bytes += bytes / 7) {
      long block = SizeClass.all()[SizeClass.index(bytes)].blockBytes();
      assertTrue(block >= bytes && block - bytes <= bytes / 16, bytes + " lies in " + block);
    }
  }

  @Test
  void statisticsFollow() {
    CachingAllocator allocator = allocator(1 << 30);
    CpuStorage small = allocator.allocate(10);
    CpuStorage large = allocator.allocate(MIB);
    assertEquals(64 + MIB, allocator.stats().live());
    assertEquals(2, allocator.stats().allocations());
    large.release();
    large.release();
    assertTrue(large.isReleased());
    assertEquals(64, allocator.stats().live());
    small.release();
    MemoryStats stats = allocator.stats();
    assertEquals(0, stats.live());
    assertTrue(stats.peak() >= MIB + 64);
    allocator.resetPeak();
    assertTrue(allocator.stats().peak() < MIB);
    assertEquals(
        List.of(65536L, MIB),
        stats.classes().stream().map(MemoryStats.SizeClass::blockBytes).toList());
    allocator.trim();
    assertEquals(0, allocator.stats().cached());
  }

  /// Slices of a slab do not come back alone, but a slab whose slices were all released does.
  @Test
  void releasedSlicesTurnSlabsAround() {
    CachingAllocator allocator = allocator(1 << 30);
    Set<Long> slabs = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      CpuStorage storage = allocator.allocate(100);
      slabs.add(storage.segment().address());
      storage.release();
    }
    assertTrue(slabs.size() <= 2, slabs.size() + " slabs for one live slice");
    assertEquals(100_000, allocator.stats().allocations());
  }

  @Test
  void aReleasedStorageIsRefused() {
    CpuStorage storage = allocator(1 << 30).allocate(8);
    storage.release();
    assertThrows(ReleasedException.class, () -> CpuStorage.of(storage));
  }

  @Test
  void forgottenStoragesComeBack() {
    CachingAllocator allocator = allocator(256 * MIB);
    for (int i = 0; i < 20; i++) {
      allocator.allocate(64 * MIB);
      allocator.allocate(1000);
    }
    assertTrue(allocator.stats().live() <= 256 * MIB);
  }

  @Test
  void otherSizesMakeWay() {
    CachingAllocator allocator = allocator(100 * MIB);
    allocator.allocate(90 * MIB).release();
    CpuStorage other = allocator.allocate(60 * MIB);
    assertTrue(allocator.stats().cached() < 90 * MIB);
    other.release();
  }

  @Test
  void tooMuchIsToldWithWhatIsLive() {
    CachingAllocator allocator = allocator(8 * MIB);
    List<CpuStorage> kept = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      kept.add(allocator.allocate(2 * MIB));
    }
    var error = assertThrows(DeviceOutOfMemoryException.class, () -> allocator.allocate(3 * MIB));
    assertEquals(
        "cpu: out of memory: asked for 3.0 MiB, live 6.0 MiB, cached 0 B, limit 8.0 MiB"
            + " (-Dproteus.memory); live blocks by size:"
            + System.lineSeparator()
            + "         3 x    2.0 MiB =    6.0 MiB",
        error.getMessage());
    kept.forEach(CpuStorage::release);
    assertFalse(allocator.allocate(3 * MIB).isReleased());
  }

  @Test
  void noMachineHasSoMuch() {
    assertThrows(
        DeviceOutOfMemoryException.class,
        () -> new CachingAllocator(MemoryLimit.configured()).allocate(Long.MAX_VALUE));
  }

  @Test
  void manyThreadsAtOnce() throws InterruptedException {
    CachingAllocator allocator = allocator(1 << 30);
    CountDownLatch done = new CountDownLatch(4);
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int t = 0; t < 4; t++) {
      byte mark = (byte) t;
      Thread.ofPlatform()
          .uncaughtExceptionHandler((_, e) -> failures.add(e))
          .start(() -> {
            try {
              churn(allocator, mark);
            } finally {
              done.countDown();
            }
          });
    }
    done.await();
    assertEquals(List.of(), failures);
    assertEquals(0, allocator.stats().live());
    assertEquals(4 * 20_000, allocator.stats().allocations());
  }

  private static void churn(CachingAllocator allocator, byte mark) {
    Random random = new Random(mark);
    CpuStorage[] held = new CpuStorage[64];
    for (int i = 0; i < 20_000; i++) {
      int slot = random.nextInt(held.length);
      CpuStorage old = held[slot];
      if (old != null) {
        assertEquals(mark, old.segment().get(ValueLayout.JAVA_BYTE, old.base()));
        assertEquals(mark, old.segment().get(ValueLayout.JAVA_BYTE, old.base() + old.bytes() - 1));
        old.release();
      }
      CpuStorage storage =
          allocator.allocate(1 + random.nextInt(random.nextBoolean() ? 200 : 20_000));
      storage.segment().asSlice(storage.base(), storage.bytes()).fill(mark);
      held[slot] = storage;
    }
    for (CpuStorage storage : held) {
      storage.release();
    }
  }

  @Test
  void amountsOfMemory() {
    assertEquals(4L << 30, MemoryLimit.parse("4g"));
    assertEquals(512 * MIB, MemoryLimit.parse(" 512M "));
    assertEquals(1000, MemoryLimit.parse("1000"));
    for (String bad : new String[] {"", "g", "-1m", "0", "4 gib", "99999999t"}) {
      var error = assertThrows(IllegalArgumentException.class, () -> MemoryLimit.parse(bad), bad);
      assertTrue(String.valueOf(error.getMessage()).contains("'" + bad + "'"));
    }
    assertNotEquals(0, MemoryLimit.physical());
  }
}

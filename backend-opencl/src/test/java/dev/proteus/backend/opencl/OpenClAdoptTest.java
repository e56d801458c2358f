package dev.proteus.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.proteus.backend.opencl.OpenClDriver.Found;
import dev.proteus.error.DeviceLostException;
import dev.proteus.nn.Linear;
import dev.proteus.reference.ReferenceProvider;
import dev.proteus.spi.Backend;
import dev.proteus.spi.Backends;
import dev.proteus.spi.MemoryStats;
import dev.proteus.spi.Storage;
import dev.proteus.state.LoadOptions;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Memory of the host that a device works in, where it is the processor.
@Isolated("measures memory")
class OpenClAdoptTest {
  @TempDir private Path folder;

  @BeforeAll
  static void device() {
    WithDevice.check();
    Found found = OpenClDriver.devices().getFirst();
    assumeTrue(found.isProcessor(), found.name() + " has memory of its own");
  }

  private static Tensor sharing(MemorySegment memory, AtomicInteger released) {
    return Scope.on(
        WithDevice.DEVICE,
        () ->
            Tensor.sharing(
                memory, Shape.of(memory.byteSize() / 4), DType.FLOAT32, released::incrementAndGet));
  }

  @Test
  void whatAKernelWritesIsInTheMemory() {
    AtomicInteger released = new AtomicInteger();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(4000, 64);
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, 999, 5);
      Scope.memory(() -> {
        Tensor tensor = sharing(memory, released);
        tensor.add_(2);
        Backends.of(WithDevice.DEVICE).synchronize();
        assertEquals(7, memory.getAtIndex(ValueLayout.JAVA_FLOAT, 999));
        assertEquals(2, memory.getAtIndex(ValueLayout.JAVA_FLOAT, 0));
        assertEquals(2005, tensor.sum().item());
        assertEquals(0, released.get());
      });
      assertEquals(1, released.get());
    }
  }

  /// Elements at multiples of four bytes only, as in files of weights.
  @Test
  void memoryNeedNotBeAlignedBeyondItsElements() {
    AtomicInteger released = new AtomicInteger();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(40_004, 64).asSlice(4);
      Scope.memory(() -> {
        Tensor tensor = sharing(memory, released);
        for (int i = 0; i < 100; i++) {
          tensor.add_(1); // so often that a kernel of its own is compiled
        }
        assertEquals(100 * 10_000, tensor.sum().item());
      });
      assertEquals(100, memory.getAtIndex(ValueLayout.JAVA_FLOAT, 9_999));
      assertEquals(1, released.get());
    }
  }

  /// Commands that were given before the release are done when the memory is let go.
  @Test
  void theMemoryIsLetGoWhenTheDeviceIsDoneWithIt() {
    Backend backend = Backends.of(WithDevice.DEVICE);
    AtomicInteger released = new AtomicInteger();
    AtomicReference<Float> seen = new AtomicReference<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(1 << 22, 64);
      Runnable note =
          () -> {
            seen.set(memory.getAtIndex(ValueLayout.JAVA_FLOAT, (1 << 20) - 1));
            released.incrementAndGet();
          };
      Scope.memory(() -> {
        Tensor tensor =
            Scope.on(
                WithDevice.DEVICE,
                () -> Tensor.sharing(memory, Shape.of(1 << 20), DType.FLOAT32, note));
        for (int i = 0; i < 30; i++) {
          tensor.add_(1);
        }
      });
      assertEquals(1, released.get());
      assertEquals(30f, seen.get());
    }
    backend.synchronize();
  }

  @Test
  void itIsLetGoOnce() {
    Backend backend = Backends.of(WithDevice.DEVICE);
    AtomicInteger released = new AtomicInteger();
    try (Arena arena = Arena.ofConfined()) {
      MemoryStats before = backend.memory();
      Storage storage = backend.adopt(arena.allocate(64), released::incrementAndGet).orElseThrow();
      assertEquals(64, storage.bytes());
      assertFalse(storage.isReleased());
      storage.release();
      storage.release();
      assertTrue(storage.isReleased());
      assertEquals(1, released.get());
      assertEquals(before.allocations(), backend.memory().allocations());
    }
  }

  @Test
  void aForgottenStorageLetsGo() throws InterruptedException {
    AtomicInteger released = new AtomicInteger();
    try (Arena arena = Arena.ofShared()) {
      forget(arena.allocate(1 << 20, 8), released);
      for (int i = 0; i < 100 && released.get() == 0; i++) {
        System.gc();
        Thread.sleep(20);
      }
      assertEquals(1, released.get());
    }
  }

  private static void forget(MemorySegment memory, AtomicInteger released) {
    assertEquals(0, sharing(memory, released).sum().item());
  }

  @Test
  void aLostDeviceLetsGo() {
    AtomicInteger failures = new AtomicInteger();
    OpenClBackend backend =
        new OpenClBackend(
            new Device("opencl", 9),
            OpenClDriver.devices().getFirst(),
            new ProgramCache(null, 0),
            what -> what.equals("waiting") && failures.getAndIncrement() == 0 ? -2 : 0);
    AtomicInteger released = new AtomicInteger();
    try (Arena arena = Arena.ofConfined()) {
      Storage storage = backend.adopt(arena.allocate(64), released::incrementAndGet).orElseThrow();
      storage.release();
      assertEquals(1, released.get());
    }
    assertThrows(DeviceLostException.class, backend::synchronize);
    backend.close();
  }

  @Test
  void whatADeviceMustNotWriteIsNotAdopted() {
    Backend backend = Backends.of(WithDevice.DEVICE);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(64);
      assertTrue(backend.adopt(memory.asReadOnly(), () -> {}).isEmpty());
      assertTrue(backend.adopt(memory.asSlice(0, 0), () -> {}).isEmpty());
      assertTrue(backend.adopt(MemorySegment.ofArray(new long[8]), () -> {}).isEmpty());
    }
  }

  @Test
  void aFileOfWeightsIsMappedWithoutACopy() throws IOException {
    Path file = folder.resolve("state.safetensors");
    Linear saved = Scope.on(ReferenceProvider.DEVICE, () -> new Linear(64, 32));
    saved.stateDict().save(file);
    byte[] before = Files.readAllBytes(file);
    Backend backend = Backends.of(WithDevice.DEVICE);
    Linear model = Scope.on(Device.META, () -> new Linear(64, 32));
    long allocations = backend.memory().allocations();
    model.load(
        Scope.on(WithDevice.DEVICE, () -> StateDict.map(file)), LoadOptions.DEFAULT.assign());
    assertEquals(allocations, backend.memory().allocations());
    assertEquals(WithDevice.DEVICE, model.weight().device());
    assertArrayEquals(saved.weight().toDoubleArray(), model.weight().toDoubleArray());
    Scope.noGrad(() -> model.weight().mul_(2));
    assertEquals(2 * saved.weight().sum().item(), model.weight().sum().item(), 1e-3);
    assertArrayEquals(before, Files.readAllBytes(file));
  }
}

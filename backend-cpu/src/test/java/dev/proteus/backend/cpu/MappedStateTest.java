package dev.proteus.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.ReleasedException;
import dev.proteus.error.ShapeException;
import dev.proteus.nn.Linear;
import dev.proteus.nn.Sequential;
import dev.proteus.spi.Backend;
import dev.proteus.spi.Backends;
import dev.proteus.spi.MemoryStats;
import dev.proteus.spi.Storage;
import dev.proteus.state.LoadOptions;
import dev.proteus.state.SafeTensors;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Tensors whose storage is a mapped file, or other memory of the host.
@Isolated("counts allocations")
class MappedStateTest {
  private final Backend cpu = Backends.of(Device.CPU);

  @TempDir Path folder;

  private Path saved(StateDict state) {
    Path file = folder.resolve("state.safetensors");
    state.save(file);
    return file;
  }

  @Test
  void loadingByAssignmentAllocatesNothing() {
    Path file = saved(new Sequential(new Linear(256, 256), new Linear(256, 10)).stateDict());
    StateDict read = StateDict.load(file);
    var model =
        Scope.on(Device.META, () -> new Sequential(new Linear(256, 256), new Linear(256, 10)));
    MemoryStats before = cpu.memory();
    model.load(StateDict.map(file), LoadOptions.DEFAULT.assign());
    MemoryStats after = cpu.memory();
    assertEquals(before.allocations(), after.allocations());
    assertTrue(after.live() <= before.live(), "what others have forgotten may be found meanwhile");
    model
        .stateDict()
        .tensors()
        .forEach((name, tensor) -> assertTrue(read.get(name).equal(tensor), name));
    Tensor input = Tensor.randn(3, 256);
    var copied = new Sequential(new Linear(256, 256), new Linear(256, 10));
    copied.load(read);
    assertTrue(copied.forward(input).equal(model.forward(input)));
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void everyTypeIsMapped(DType dtype) {
    Tensor values = Tensor.of(new double[] {0, 1, 2, 3, 100, 1}, 2, 3).to(dtype);
    Path file = saved(StateDict.builder().put("x", values).put("empty", Tensor.zeros(0)).build());
    Tensor mapped = StateDict.map(file).get("x");
    assertEquals(values.spec(), mapped.spec());
    assertTrue(values.equal(mapped));
  }

  @Test
  void writingInPlaceDoesNotChangeTheFile() throws IOException {
    Path file = saved(StateDict.builder().put("x", Tensor.arange(5000.0, 10000.0, 1)).build());
    byte[] before = Files.readAllBytes(file);
    Tensor mapped = StateDict.map(file).get("x");
    Tensor other = StateDict.map(file).get("x");
    mapped.add_(1);
    assertEquals(5001, mapped.select(0, 0).item());
    assertEquals(5000, other.select(0, 0).item(), "another mapping of the file");
    assertArrayEquals(before, Files.readAllBytes(file));
  }

  /// A file of another's hand, in which a float lies at an odd byte, and one at half of a word.
  @Test
  void whatIsNotAlignedIsCopied() throws IOException {
    String header =
        "{\"odd\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[9,17]},"
            + "\"half\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"byte\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[8,9]}}";
    header += " ".repeat(4 + (-header.length() & 7));
    MemorySegment bytes = MemorySegment.ofArray(new byte[8 + header.length() + 17]);
    bytes.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, header.length());
    bytes.asSlice(8).copyFrom(MemorySegment.ofArray(header.getBytes(StandardCharsets.UTF_8)));
    bytes.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 8 + header.length() + 4, 2.5f);
    bytes.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 8 + header.length() + 13, 1.5f);
    Path file =
        Files.write(folder.resolve("odd.safetensors"), bytes.toArray(ValueLayout.JAVA_BYTE));
    long before = cpu.memory().allocations();
    StateDict mapped = StateDict.map(file);
    assertEquals(1, cpu.memory().allocations() - before, "the one at an odd byte");
    assertArrayEquals(new double[] {0, 1.5}, mapped.get("odd").toDoubleArray());
    assertArrayEquals(new double[] {0, 2.5}, mapped.get("half").toDoubleArray());
    assertArrayEquals(
        new double[] {0, 0, 0, 6.25},
        mapped.get("half").unsqueeze(1).matmul(mapped.get("half").unsqueeze(0)).toDoubleArray());
  }

  @Test
  void theMappingEndsWithItsLastTensor() {
    AtomicInteger released = new AtomicInteger();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(16, 8);
      Scope.memory(() -> {
        Tensor tensor =
            Tensor.sharing(memory, Shape.of(4), DType.FLOAT32, released::incrementAndGet);
        tensor.fill_(3);
        Tensor view = tensor.slice(0, 1, 3);
        assertEquals(6, view.sum().item());
        assertEquals(0, released.get());
      });
      assertEquals(1, released.get());
      assertEquals(3f, memory.get(ValueLayout.JAVA_FLOAT, 12));
    }
  }

  @Test
  void aForgottenTensorLetsGo() throws InterruptedException {
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
    Tensor tensor =
        Tensor.sharing(memory, Shape.of(1 << 18), DType.FLOAT32, released::incrementAndGet);
    assertEquals(0, tensor.sum().item());
  }

  /// What devices copy from and to.
  @Test
  void storagesLieInMemoryOfTheHost() {
    for (long bytes : new long[] {0, 100, 100_000}) {
      Storage storage = cpu.allocate(bytes);
      MemorySegment there = cpu.inHost(storage).orElseThrow();
      assertEquals(bytes, there.byteSize());
      there.fill((byte) 3);
      MemorySegment copy = MemorySegment.ofArray(new byte[(int) bytes]);
      cpu.copyToHost(storage, 0, copy);
      assertEquals(-1, copy.mismatch(there));
      storage.release();
      assertThrows(ReleasedException.class, () -> cpu.inHost(storage));
    }
  }

  @Test
  void arraysAndOtherShapesAreNotShared() {
    AtomicInteger released = new AtomicInteger();
    float[] values = {1, 2, 3, 4};
    MemorySegment array = MemorySegment.ofArray(values);
    Tensor copy = Tensor.sharing(array, Shape.of(2, 2), DType.FLOAT32, released::incrementAndGet);
    assertEquals(1, released.get(), "copied at once");
    values[0] = 100;
    assertEquals(1, copy.select(0, 0).select(0, 0).item());
    assertThrows(
        ShapeException.class,
        () -> Tensor.sharing(array, Shape.of(5), DType.FLOAT32, released::incrementAndGet));
    assertEquals(1, released.get());
  }

  @Test
  void onMetaNothingIsKept() {
    Path file = saved(StateDict.builder().put("x", Tensor.zeros(4)).build());
    Tensor meta = Scope.on(Device.META, () -> StateDict.map(file)).get("x");
    assertTrue(meta.device().isMeta());
    assertEquals(Shape.of(4), meta.shape());
  }

  @Test
  void aMissingFileIsAnInputError() {
    Path file = folder.resolve("none.safetensors");
    assertThrows(NoSuchFileException.class, () -> SafeTensors.map(file));
    assertFalse(Files.exists(file));
  }
}

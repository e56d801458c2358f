package dev.proteus.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.backend.opencl.OpenClDriver.Buffer;
import dev.proteus.backend.opencl.OpenClDriver.Entry;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The driver by itself, on a device that each test opens anew.
class OpenClDriverTest {
  private static final String ANSWER =
      "__kernel void answer(__global int* y, long a) { y[0] = 40 + (int) a; }";

  @TempDir private Path folder;

  @BeforeAll
  static void device() {
    WithDevice.check();
  }

  /// Compiles a kernel or takes it from the folder, runs it, and keeps it.
  ///
  /// @return how often something was compiled
  private static int answer(Path folder) {
    try (OpenClDriver driver =
            new OpenClDriver(
                WithDevice.DEVICE,
                OpenClDriver.devices().getFirst(),
                OpenClDriver.Writes.IN_ORDER,
                OpenClDriver.NO_FAULTS);
        Compiler compiler = new Compiler(driver, new ProgramCache(folder, 1 << 28))) {
      Entry entry = compiler.compile(ANSWER, "answer");
      Buffer result = driver.allocate(Integer.BYTES);
      driver.launch(entry, List.of(result), new long[] {2}, 1, 1);
      MemorySegment host = MemorySegment.ofArray(new int[1]);
      driver.read(result, 0, host);
      assertEquals(42, host.get(ValueLayout.JAVA_INT, 0));
      result.release();
      return compiler.built();
    }
  }

  private int answer() {
    return answer(folder);
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all::toString);
      return all.getFirst();
    }
  }

  @Test
  void aProgramIsCompiledOnce() throws IOException {
    assertEquals(1, answer());
    assertTrue(Files.size(onlyFile()) > 48);
    assertEquals(0, answer());
    assertEquals(0, answer());
  }

  @Test
  void aDamagedProgramIsCompiledAgain() throws IOException {
    assertEquals(1, answer());
    byte[] whole = Files.readAllBytes(onlyFile());
    Files.write(onlyFile(), Arrays.copyOf(whole, whole.length / 2));
    assertEquals(1, answer());
    byte[] flipped = Files.readAllBytes(onlyFile());
    flipped[flipped.length / 2] ^= 1;
    Files.write(onlyFile(), flipped);
    assertEquals(1, answer());
    assertEquals(0, answer());
  }

  /// Whole as a file, but not what this driver gave.
  @Test
  void aProgramThatTheDriverRefusesIsCompiledAgain() throws IOException {
    assertEquals(1, answer());
    String key = onlyFile().getFileName().toString();
    new ProgramCache(folder, 1 << 28).write(key, new byte[1000]);
    assertEquals(1, answer());
    assertEquals(0, answer());
  }

  @Test
  void aFolderThatCannotBeWrittenIsNoError() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    assertEquals(1, answer(file.resolve("in")));
    assertEquals(1, answer(file.resolve("in")));
  }

  /// A driver that notes what it does, on a device that is taken for one with memory of its own.
  private static OpenClDriver beside(List<String> done) {
    return new OpenClDriver(
        WithDevice.DEVICE,
        OpenClDriver.devices().getFirst(),
        OpenClDriver.Writes.BESIDE,
        what -> {
          done.add(what);
          return 0;
        });
  }

  private static final String TWICE =
      "__kernel void twice(__global const int* x, __global int* y, long n) "
          + "{ for (int i = 0; i < n; i++) y[i] = 2 * x[i]; }";

  @Test
  void writesPassCommandsThatHaveNothingToDoWithThem() {
    List<String> done = new ArrayList<>();
    try (OpenClDriver driver = beside(done)) {
      Entry twice = driver.build(TWICE, "twice");
      Buffer x = driver.allocate(Integer.BYTES);
      Buffer y = driver.allocate(Integer.BYTES);
      MemorySegment one = MemorySegment.ofArray(new int[] {1});
      done.clear();
      driver.write(one, x, 0);
      driver.launch(twice, List.of(x, y), new long[] {1}, 1, 1);
      Buffer fresh = driver.allocate(Integer.BYTES);
      driver.write(one, fresh, 0);
      driver.write(one, x, 0);
      driver.write(one, x, 0);
      driver.launch(twice, List.of(x, y), new long[] {1}, 1, 1);
      driver.finish();
      driver.write(one, y, 0);
      assertEquals(
          List.of(
              "copy beside the queue",
              "launch of 'twice'",
              "allocation of 4 bytes",
              "copy beside the queue",
              "copy to the device", // a command may read it
              "copy beside the queue", // now none does
              "launch of 'twice'",
              "waiting",
              "copy beside the queue"),
          done);
      List.of(x, y, fresh).forEach(Buffer::release);
    }
  }

  /// Buffers that are written, read by commands and written again, as loops over batches do.
  @Test
  void whatIsWrittenBesideIsSeenByLaterCommandsOnly() {
    int n = 10_000;
    try (OpenClDriver driver = beside(new ArrayList<>())) {
      Entry twice = driver.build(TWICE, "twice");
      List<Buffer> batches = List.of(driver.allocate(4L * n), driver.allocate(4L * n));
      Buffer result = driver.allocate(4L * n);
      int[] values = new int[n];
      int[] read = new int[n];
      for (int batch = 0; batch < 200; batch++) {
        Arrays.fill(values, batch);
        Buffer buffer = batches.get(batch % 2);
        driver.write(MemorySegment.ofArray(values), buffer, 0);
        driver.launch(twice, List.of(buffer, result), new long[] {n}, 1, 1);
        if (batch % 5 == 4) {
          driver.read(result, 0, MemorySegment.ofArray(read));
          Arrays.fill(values, 2 * batch);
          assertArrayEquals(values, read);
        }
      }
      batches.forEach(Buffer::release);
      result.release();
    }
  }
}

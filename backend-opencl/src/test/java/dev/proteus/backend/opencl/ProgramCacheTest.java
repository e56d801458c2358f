package dev.proteus.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files of programs: whatever happens to them, a program comes back as it was, or not at all.
class ProgramCacheTest {
  private static final long LIMIT = 1 << 20;

  @TempDir private Path folder;

  private ProgramCache cache() {
    return new ProgramCache(folder, LIMIT);
  }

  private static byte[] program(int length, int first) {
    byte[] program = new byte[length];
    for (int i = 0; i < length; i++) {
      program[i] = (byte) (first + 31 * i);
    }
    return program;
  }

  @Test
  void whatIsKeptComesBackInAnotherCache() {
    cache().write("a", program(1000, 1));
    cache().write("none", new byte[0]);
    assertArrayEquals(program(1000, 1), cache().read("a").orElseThrow());
    assertArrayEquals(new byte[0], cache().read("none").orElseThrow());
    assertEquals(Optional.empty(), cache().read("b"));
  }

  @Test
  void keysTellTextsApart() {
    assertNotEquals(ProgramCache.key(List.of("ab", "c")), ProgramCache.key(List.of("a", "bc")));
    assertEquals(ProgramCache.key(List.of("a", "b")), ProgramCache.key(List.of("a", "b")));
    assertEquals(64, ProgramCache.key(List.of()).length());
  }

  @Test
  void aTruncatedFileIsDeleted() throws IOException {
    for (int left : new int[] {0, 1, 47, 48, 1047}) {
      cache().write("a", program(1000, 1));
      Path file = folder.resolve("a");
      Files.write(file, Arrays.copyOf(Files.readAllBytes(file), left));
      assertGone("a");
    }
  }

  @Test
  void aFileWithBytesAppendedIsDeleted() throws IOException {
    cache().write("a", program(1000, 1));
    Path file = folder.resolve("a");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 1049));
    assertGone("a");
  }

  @Test
  void aFileWithAFlippedBitIsDeleted() throws IOException {
    for (int at : new int[] {0, 7, 8, 15, 16, 47, 48, 500, 1047}) {
      cache().write("a", program(1000, 1));
      Path file = folder.resolve("a");
      byte[] all = Files.readAllBytes(file);
      all[at] ^= 4;
      Files.write(file, all);
      assertGone("a");
    }
  }

  @Test
  void aForeignFileIsDeleted() throws IOException {
    Files.writeString(folder.resolve("a"), "poclbin ".repeat(100));
    assertGone("a");
    Files.write(folder.resolve("b"), new byte[(int) LIMIT + 1]);
    assertGone("b");
  }

  private void assertGone(String key) {
    assertEquals(Optional.empty(), cache().read(key));
    assertFalse(Files.exists(folder.resolve(key)));
  }

  /// Readers and writers of one program at once: nobody sees half of one.
  @Test
  void writersAtOnceLeaveOneWholeProgram()
      throws ExecutionException, InterruptedException, IOException {
    try (var threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> all =
          IntStream.range(0, 4)
              .<Future<?>>mapToObj(writer -> threads.submit(() -> writeAndRead(writer)))
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertIsWhole(cache().read("a").orElseThrow());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(folder.resolve("a")), files.toList());
    }
  }

  private void writeAndRead(int writer) {
    ProgramCache own = cache();
    for (int i = 0; i < 50; i++) {
      own.write("a", program(5000 + writer, writer));
      assertIsWhole(own.read("a").orElseThrow());
    }
  }

  private static void assertIsWhole(byte[] program) {
    assertArrayEquals(program(program.length, program.length - 5000), program);
  }

  /// A file is in the way of the folder, which not even root can write to.
  @Test
  void aFolderThatCannotBeWrittenHoldsNothing() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    ProgramCache cache = new ProgramCache(file.resolve("programs"), LIMIT);
    cache.write("a", program(10, 1));
    assertEquals(Optional.empty(), cache.read("a"));
    cache.delete("a");
    assertEquals("not a folder", Files.readString(file));
  }

  @Test
  void noFolderHoldsNothing() {
    ProgramCache cache = new ProgramCache(null, LIMIT);
    assertFalse(cache.isOn());
    cache.write("a", program(10, 1));
    assertEquals(Optional.empty(), cache.read("a"));
  }

  @Test
  void whatWasNotUsedForLongestMakesRoom() throws IOException {
    ProgramCache cache = cache();
    for (int i = 0; i < 10; i++) {
      cache.write("p" + i, program(100_000, i));
      Files.setLastModifiedTime(
          folder.resolve("p" + i), FileTime.from(Instant.ofEpochSecond(1_000_000 + i)));
    }
    assertTrue(cache.read("p0").isPresent());
    cache.write("last", program(100_000, 10));
    List<String> left;
    try (Stream<Path> files = Files.list(folder)) {
      left = files.map(file -> file.getFileName().toString()).sorted().toList();
    }
    assertEquals(List.of("last", "p0", "p5", "p6", "p7", "p8", "p9"), left);
  }
}

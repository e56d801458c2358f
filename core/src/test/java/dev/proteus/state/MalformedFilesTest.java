package dev.proteus.state;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.proteus.error.StateDictException;
import dev.proteus.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Malformed files of all formats, read one after the other in a JVM with a heap of 256 MiB: each
/// is a typed error, in less than a second of work, for which neither heap nor native memory grows
/// by 16 MiB.
@Isolated("measures time")
class MalformedFilesTest {
  private static final long SEED = 20250;
  private static final int MUTANTS = 300;
  private static final long MILLIS = 1000;
  private static final long GROWTH = 16 << 20;
  private static final int HEADER_LIMIT = 100_000_000;

  @TempDir Path folder;

  /// What reading a file came to.
  ///
  /// @param file its number
  /// @param millis processor time
  /// @param heap bytes of new objects
  /// @param anonymous bytes by which the process grew, the mapped file not counted
  /// @param error the class of the error, and its message
  private record Outcome(int file, long millis, long heap, long anonymous, String error) {
    /// Of a line that a [Reader] printed.
    static Outcome parse(String line) {
      String[] parts = line.split(" ", 5);
      return new Outcome(
          Integer.parseInt(parts[0]),
          Long.parseLong(parts[1]),
          Long.parseLong(parts[2]),
          Long.parseLong(parts[3]),
          parts[4]);
    }

    void check() {
      assertAll(
          () -> assertTrue(error.startsWith(StateDictException.class.getName()), error),
          () -> assertTrue(error.length() < 1000, error),
          () -> assertTrue(millis < MILLIS, () -> millis + " ms: " + error),
          () -> assertTrue(heap < GROWTH, () -> heap + " bytes of heap: " + error),
          () -> assertTrue(anonymous < GROWTH, () -> anonymous + " bytes: " + error));
    }
  }

  /// Reads the files of a folder in the order of their numbers, and prints an outcome for each.
  static final class Reader {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Path STATUS = Path.of("/proc/self/status");

    private Reader() {}

    static void main(String[] arguments) throws IOException {
      Path folder = Path.of(arguments[0]);
      Format format = Format.valueOf(arguments[1]);
      for (int i = 0; Files.exists(folder.resolve(String.valueOf(i))); i++) {
        read(i, folder.resolve(String.valueOf(i)), format);
      }
    }

    private static void read(int number, Path file, Format format) throws IOException {
      long anonymous = anonymous();
      long allocated = THREADS.getCurrentThreadAllocatedBytes();
      long start = THREADS.getCurrentThreadCpuTime();
      String error = error(file, format);
      long nanos = THREADS.getCurrentThreadCpuTime() - start;
      long heap = THREADS.getCurrentThreadAllocatedBytes() - allocated;
      System.out.printf(
          "%d %d %d %d %s%n",
          number, nanos / 1_000_000, heap, anonymous() - anonymous, error.replace('\n', ' '));
    }

    private static String error(Path file, Format format) {
      try {
        return "none; read " + format.read(file);
      } catch (IOException | RuntimeException | Error e) {
        return e.toString();
      }
    }

    /// Bytes of the process that no file is behind; 0 where the system does not say.
    private static long anonymous() throws IOException {
      if (!Files.exists(STATUS)) {
        return 0;
      }
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith("RssAnon:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
          .findFirst()
          .orElse(0);
    }
  }

  /// Reads all files written so far; the names say what they are.
  private Stream<DynamicTest> outcomes(List<String> names, Format format)
      throws IOException, InterruptedException {
    // The heap is there from the start, so that what grows is not the heap.
    Process reader =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms256m",
                "-Xmx256m",
                "-XX:+AlwaysPreTouch",
                "-cp",
                System.getProperty("java.class.path"),
                Reader.class.getName(),
                folder.toString(),
                format.name())
            .redirectErrorStream(true)
            .start();
    String output = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(reader.waitFor(1, TimeUnit.MINUTES));
    assertEquals(0, reader.exitValue(), output);
    List<Outcome> outcomes = output.lines().map(Outcome::parse).toList();
    assertEquals(names.size(), outcomes.size(), output);
    return outcomes.stream()
        .map(outcome -> DynamicTest.dynamicTest(names.get(outcome.file()), outcome::check));
  }

  private Path next(List<String> names, String name) {
    names.add(name);
    return folder.resolve(String.valueOf(names.size() - 1));
  }

  private Stream<DynamicTest> byHand(Map<String, byte[]> files, Format format)
      throws IOException, InterruptedException {
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(next(names, file.getKey()), file.getValue());
    }
    return outcomes(names, format);
  }

  @TestFactory
  Stream<DynamicTest> safetensorsMadeByHand() throws IOException, InterruptedException {
    return byHand(MalformedFiles.byHand(), Format.SAFETENSORS);
  }

  @TestFactory
  Stream<DynamicTest> indexesMadeByHand() throws IOException, InterruptedException {
    return byHand(MalformedFiles.indexesByHand(), Format.INDEX);
  }

  @TestFactory
  Stream<DynamicTest> npyMadeByHand() throws IOException, InterruptedException {
    return byHand(MalformedNumPyFiles.npyByHand(), Format.NPY);
  }

  @TestFactory
  Stream<DynamicTest> npzMadeByHand() throws IOException, InterruptedException {
    return byHand(MalformedNumPyFiles.npzByHand(), Format.NPZ);
  }

  /// Changes a sound file at random until 300 of the results are refused. Some stay sound; nothing
  /// but a typed error may come of the others.
  private Stream<DynamicTest> mutants(
      byte[] sound, BiFunction<byte[], Random, byte[]> mutation, Format format)
      throws IOException, InterruptedException {
    Random random = new Random(SEED);
    List<String> names = new ArrayList<>();
    for (int i = 0; names.size() < MUTANTS; i++) {
      assertTrue(i < 20 * MUTANTS, "the mutations do too little");
      byte[] mutant = mutation.apply(sound, random);
      if (isRefused(mutant, format)) {
        Files.write(next(names, "mutant " + i), mutant);
      }
    }
    return outcomes(names, format);
  }

  private static boolean isRefused(byte[] file, Format format) {
    try {
      format.read(file);
      return false;
    } catch (StateDictException _) {
      return true;
    }
  }

  @TestFactory
  Stream<DynamicTest> mutantsOfSafetensors() throws IOException, InterruptedException {
    return mutants(sound(), MalformedFiles::mutant, Format.SAFETENSORS);
  }

  @TestFactory
  Stream<DynamicTest> mutantsOfNpy() throws IOException, InterruptedException {
    Path file = folder.resolve("sound.npy");
    Npy.write(file, Tensor.of(new long[] {1, 2, 3, 4, 5, 6}, 2, 3));
    return mutants(Files.readAllBytes(file), MalformedNumPyFiles::mutant, Format.NPY);
  }

  @TestFactory
  Stream<DynamicTest> mutantsOfStoredNpz() throws IOException, InterruptedException {
    return mutants(soundNpz(Npz.Compression.NONE), MalformedNumPyFiles::mutant, Format.NPZ);
  }

  @TestFactory
  Stream<DynamicTest> mutantsOfDeflatedNpz() throws IOException, InterruptedException {
    return mutants(soundNpz(Npz.Compression.DEFLATE), MalformedNumPyFiles::mutant, Format.NPZ);
  }

  private byte[] soundNpz(Npz.Compression compression) throws IOException {
    Path file = folder.resolve("sound.npz");
    Npz.write(file, soundState(), compression);
    assertEquals(4, Npz.read(file).size());
    return Files.readAllBytes(file);
  }

  private byte[] sound() throws IOException {
    Path file = folder.resolve("sound.safetensors");
    soundState().save(file);
    assertEquals(4, SafeTensors.read(file).size());
    return Files.readAllBytes(file);
  }

  private static StateDict soundState() {
    return StateDict.builder()
        .put("weight", Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3))
        .put("bias", Tensor.of(new float[] {1, 2}, 2))
        .put("steps", Tensor.of(new long[] {7}, 1))
        .put("empty", Tensor.zeros(0, 3))
        .metadata("format", "pt")
        .build();
  }

  /// Headers as long as the limit cost their length in time, and no memory.
  @TestFactory
  Stream<DynamicTest> headersOf100Megabytes() throws IOException, InterruptedException {
    List<String> names = new ArrayList<>();
    for (String start :
        List.of("{ ", "{\"a", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1", "{\"a\":[[")) {
      writeLongHeader(next(names, start), start);
    }
    return outcomes(names, Format.SAFETENSORS);
  }

  /// A header that begins so and repeats its last character up to the limit.
  private static void writeLongHeader(Path file, String start) throws IOException {
    byte[] piece = new byte[1 << 20];
    Arrays.fill(piece, (byte) start.charAt(start.length() - 1));
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(length.putLong(HEADER_LIMIT).array());
      out.write(start.getBytes(StandardCharsets.US_ASCII));
      for (int left = HEADER_LIMIT - start.length(); left > 0; left -= piece.length) {
        out.write(piece, 0, Math.min(left, piece.length));
      }
    }
  }
}

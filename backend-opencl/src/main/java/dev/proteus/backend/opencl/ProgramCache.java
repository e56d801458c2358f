package dev.proteus.backend.opencl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Comparator.comparing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Compiled programs in a folder, for the next process.
///
/// A file is a header, which holds the length and the SHA-256 of what follows, and the program as
/// the driver gave it. Drivers trust their own format, and a truncated program takes PoCL's process
/// down, so what does not fit its header is deleted and not there. A file is written aside and then
/// moved to its place: other threads and processes see all of it or nothing.
///
/// The system property `proteus.opencl.cache` is the folder, or `off`; else it is `proteus/opencl`
/// in the user's folder of caches. A folder that cannot be read or written holds nothing, and that
/// is no error.
final class ProgramCache {
  static final String PROPERTY = "proteus.opencl.cache";

  private static final String OFF = "off";
  private static final long LIMIT = 256L << 20;
  private static final byte[] MAGIC = "proteus1".getBytes(UTF_8);
  private static final int DIGEST_BYTES = 32;
  private static final int HEADER_BYTES = MAGIC.length + Long.BYTES + DIGEST_BYTES;

  private final @Nullable Path folder;
  private final long limit;

  /// Bytes in the folder, or less than 0 before they are counted.
  private long size = -1;

  /// @param folder where programs are kept, null if nowhere
  /// @param limit bytes beyond which those that were not used for longest are deleted
  ProgramCache(@Nullable Path folder, long limit) {
    this.folder = folder;
    this.limit = limit;
  }

  /// The cache that the system property names.
  static ProgramCache ofProperty() {
    String given = System.getProperty(PROPERTY, "");
    if (given.equals(OFF)) {
      return new ProgramCache(null, LIMIT);
    }
    return new ProgramCache(given.isBlank() ? inFolderOfCaches() : Path.of(given), LIMIT);
  }

  private static @Nullable Path inFolderOfCaches() {
    boolean isWindows = System.getProperty("os.name", "").startsWith("Windows");
    String caches = System.getenv(isWindows ? "LOCALAPPDATA" : "XDG_CACHE_HOME");
    Path folder =
        caches == null || caches.isBlank()
            ? Path.of(System.getProperty("user.home", ""), ".cache")
            : Path.of(caches);
    return folder.isAbsolute() ? folder.resolve("proteus").resolve("opencl") : null;
  }

  /// Whether programs are kept at all.
  boolean isOn() {
    return folder != null;
  }

  /// The name of a program that depends on all of these texts and on nothing else.
  static String key(List<String> texts) {
    MessageDigest digest = sha256();
    for (String text : texts) {
      byte[] bytes = text.getBytes(UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /// A program that was kept, as it was.
  Optional<byte[]> read(String key) {
    if (folder == null) {
      return Optional.empty();
    }
    Path file = folder.resolve(key);
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      byte[] all = Files.size(file) > limit ? new byte[0] : Files.readAllBytes(file);
      if (!isWhole(all)) {
        delete(key);
        return Optional.empty();
      }
      touch(file);
      return Optional.of(Arrays.copyOfRange(all, HEADER_BYTES, all.length));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static boolean isWhole(byte[] all) {
    return all.length >= HEADER_BYTES
        && Arrays.equals(header(all, HEADER_BYTES), Arrays.copyOf(all, HEADER_BYTES));
  }

  /// Notes that a file was used, where that can be noted.
  private static void touch(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException _) {
      // It may be deleted earlier than it should.
    }
  }

  /// The header of a program that fills an array from a place on.
  private static byte[] header(byte[] all, int from) {
    MessageDigest digest = sha256();
    digest.update(all, from, all.length - from);
    return ByteBuffer.allocate(HEADER_BYTES)
        .put(MAGIC)
        .putLong(all.length - from)
        .put(digest.digest())
        .array();
  }

  /// Keeps a program.
  void write(String key, byte[] program) {
    if (folder == null) {
      return;
    }
    try {
      Files.createDirectories(folder);
      Path aside = Files.createTempFile(folder, key, ".part");
      try {
        try (var out = Files.newOutputStream(aside)) {
          out.write(header(program, 0));
          out.write(program);
        }
        Files.move(aside, folder.resolve(key), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(aside);
      }
      makeRoom(folder, HEADER_BYTES + program.length);
    } catch (IOException | UncheckedIOException _) {
      // The next process compiles it again.
    }
  }

  /// Deletes a program that is of no use.
  void delete(String key) {
    if (folder != null) {
      try {
        Files.deleteIfExists(folder.resolve(key));
      } catch (IOException _) {
        // It is refused again the next time.
      }
    }
  }

  private record Kept(Path file, long bytes, FileTime used) {
    static Stream<Kept> of(Path file) {
      try {
        return Stream.of(new Kept(file, Files.size(file), Files.getLastModifiedTime(file)));
      } catch (IOException _) {
        return Stream.empty(); // Another process has deleted it.
      }
    }
  }

  /// Counts the folder anew when it may be too full, and makes it three quarters full if it is.
  private synchronized void makeRoom(Path folder, long added) throws IOException {
    size = size < 0 ? Long.MAX_VALUE : size + added;
    if (size <= limit) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Kept> oldest = files.flatMap(Kept::of).sorted(comparing(Kept::used)).toList();
      size = oldest.stream().mapToLong(Kept::bytes).sum();
      long aim = size > limit ? limit / 4 * 3 : limit;
      for (Kept kept : oldest) {
        if (size <= aim) {
          break;
        }
        Files.deleteIfExists(kept.file());
        size -= kept.bytes();
      }
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

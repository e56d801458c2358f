package dev.proteus.state;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;

/// A file as memory, until the last one who uses it has let go: whoever opened it, and each storage
/// that lies in it.
final class MappedFile implements AutoCloseable {
  private final Arena arena;
  private final MemorySegment bytes;
  private final AtomicInteger users = new AtomicInteger(1);

  @SuppressWarnings("MustBeClosedChecker") // letGo closes it
  private MappedFile(Path file, FileChannel channel, MapMode mode) throws IOException {
    if (Files.isDirectory(file)) {
      throw new FileSystemException(file.toString(), null, "it is a directory");
    }
    arena = Arena.ofShared();
    try {
      bytes = channel.map(mode, 0, channel.size(), arena);
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /// A file that can only be read.
  static MappedFile toRead(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new MappedFile(file, channel, MapMode.READ_ONLY);
    }
  }

  /// A file whose pages become the process' own where they are written, and do not change on the
  /// disk. Java maps only those so that it may open for writing; others can only be read.
  static MappedFile toKeep(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return new MappedFile(file, channel, MapMode.PRIVATE);
    } catch (FileSystemException _) {
      return toRead(file);
    }
  }

  MemorySegment bytes() {
    return bytes;
  }

  /// Adds a user, who runs this once to let go.
  Runnable lend() {
    users.incrementAndGet();
    return this::letGo;
  }

  private void letGo() {
    if (users.decrementAndGet() == 0) {
      arena.close();
    }
  }

  @Override
  public void close() {
    letGo();
  }
}

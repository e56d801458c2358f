package dev.proteus.state;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/// A file that is written beside the one it will replace, which stays as it is until all is
/// written.
final class PendingFile implements AutoCloseable {
  private final Path target;
  private final Path partial;
  private final FileChannel channel;

  PendingFile(Path target) throws IOException {
    this.target = target;
    this.partial =
        target.resolveSibling(
            ".%s.%x.partial"
                .formatted(target.getFileName(), ThreadLocalRandom.current().nextLong()));
    this.channel =
        FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /// Writes a file: all of it or, if anything fails, none.
  static void write(Path file, Content content) throws IOException {
    try (PendingFile pending = new PendingFile(file)) {
      pending.fill(content);
      pending.replace();
    }
  }

  /// What goes into a file.
  @FunctionalInterface
  interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }

  /// Writes the content and sees it to the disk.
  void fill(Content content) throws IOException {
    content.writeTo(channel);
    channel.force(true);
    channel.close();
  }

  /// Puts what was written in the target's place.
  void replace() throws IOException {
    Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(partial);
  }
}

package dev.proteus.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// The four files of MNIST in a folder, cut short: 320 images to learn from, 100 to be judged by;
/// two are compressed, two are not.
final class SmallDigits {
  static final int TRAINING = 320;
  private static final int TEST = 100;

  private SmallDigits() {}

  /// Writes the files.
  static void write(Path folder) throws IOException {
    byte[] images = bundled("t10k-images-idx3-ubyte.gz");
    byte[] labels = bundled("t10k-labels-idx1-ubyte.gz");
    write(folder.resolve("train-images-idx3-ubyte.gz"), part(images, 16, 784, 0, TRAINING));
    write(folder.resolve("train-labels-idx1-ubyte"), part(labels, 8, 1, 0, TRAINING));
    write(folder.resolve("t10k-images-idx3-ubyte"), part(images, 16, 784, TRAINING, TEST));
    write(folder.resolve("t10k-labels-idx1-ubyte.gz"), part(labels, 8, 1, TRAINING, TEST));
  }

  private static byte[] bundled(String name) throws IOException {
    try (InputStream in = Digits.class.getResourceAsStream("mnist/" + name)) {
      return new GZIPInputStream(Objects.requireNonNull(in)).readAllBytes();
    }
  }

  /// The file of `count` entries of `each` bytes, from the entry `first` on.
  private static byte[] part(byte[] file, int header, int each, int first, int count) {
    byte[] part = Arrays.copyOf(file, header + count * each);
    System.arraycopy(file, header + first * each, part, header, count * each);
    ByteBuffer.wrap(part).putInt(Integer.BYTES, count);
    return part;
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    try (OutputStream plain = Files.newOutputStream(file);
        OutputStream out = file.toString().endsWith(".gz") ? new GZIPOutputStream(plain) : plain) {
      out.write(bytes);
    }
  }
}

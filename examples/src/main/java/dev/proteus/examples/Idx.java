package dev.proteus.examples;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// A file in IDX format with unsigned bytes: sizes and the bytes themselves, row-major.
///
/// Layout: two zero bytes, 8 for unsigned bytes, the number of axes, one big-endian 32-bit size per
/// axis, then the elements.
final class Idx {
  private static final int UNSIGNED_BYTES = 8;
  private static final long LARGEST = 1L << 30;

  private final int[] sizes;
  private final byte[] bytes;

  private Idx(int[] sizes, byte[] bytes) {
    this.sizes = sizes;
    this.bytes = bytes;
  }

  /// Reads a file, compressed with gzip if its name ends so.
  ///
  /// @throws IOException if it cannot be read or is not IDX, naming the file
  static Idx read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file.toString());
    }
  }

  /// Reads a stream, compressed with gzip if `name` ends so.
  static Idx read(InputStream in, String name) throws IOException {
    try (DataInputStream data =
        new DataInputStream(name.endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : in)) {
      return parse(data, name);
    } catch (EOFException e) {
      throw new IOException(name + ": the file ends before its last element", e);
    } catch (ZipException e) {
      throw new IOException(name + ": the file is not compressed with gzip, or damaged", e);
    }
  }

  private static Idx parse(DataInputStream data, String name) throws IOException {
    int magic = data.readInt();
    int axes = magic & 0xff;
    if (magic >>> 8 != UNSIGNED_BYTES || axes == 0 || axes > 4) {
      throw new IOException(
          "%s: begins with 0x%08x, which is not an IDX file of unsigned bytes"
              .formatted(name, magic));
    }
    int[] sizes = new int[axes];
    long count = 1;
    for (int i = 0; i < axes; i++) {
      sizes[i] = data.readInt();
      count = sizes[i] < 0 || count > LARGEST ? -1 : count * sizes[i];
      if (count < 0 || count > LARGEST) {
        throw new IOException(
            "%s: sizes %s exceed %d elements".formatted(name, Arrays.toString(sizes), LARGEST));
      }
    }
    byte[] bytes = data.readNBytes((int) count);
    if (bytes.length != count) {
      throw new EOFException();
    }
    return new Idx(sizes, bytes);
  }

  int axes() {
    return sizes.length;
  }

  int size(int axis) {
    return sizes[axis];
  }

  /// Bytes of the entries `from` to `to`, exclusive, of the first axis.
  byte[] slice(int from, int to) {
    int each = sizes[0] == 0 ? 0 : bytes.length / sizes[0];
    return Arrays.copyOfRange(bytes, from * each, to * each);
  }
}

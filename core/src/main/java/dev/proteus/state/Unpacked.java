package dev.proteus.state;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.proteus.error.StateDictException;
import dev.proteus.state.ZipDirectory.Member;
import dev.proteus.state.ZipDirectory.Packing;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/// The bytes of a member of a zip archive, in order and a piece at a time.
final class Unpacked implements AutoCloseable {
  private static final int PIECE = 1 << 16;

  private final Member member;
  private final Inflater inflater = new Inflater(true);
  private final InputStream stream;
  private final CRC32 checksum = new CRC32();
  private long passed;

  Unpacked(MemorySegment archive, Member member) {
    this.member = member;
    InputStream packed = new SegmentStream(archive.asSlice(member.start(), member.packed()));
    this.stream =
        switch (member.packing()) {
          case STORED -> packed;
          case DEFLATED -> new InflaterInputStream(packed, inflater, piece(member.packed()));
        };
  }

  /// How large a buffer for so many bytes is.
  private static int piece(long bytes) {
    return Math.clamp(bytes, 1, PIECE);
  }

  /// A segment as a stream.
  private static final class SegmentStream extends InputStream {
    private final MemorySegment segment;
    private long at;

    SegmentStream(MemorySegment segment) {
      this.segment = segment;
    }

    @Override
    public int read() {
      return at == segment.byteSize() ? -1 : segment.get(JAVA_BYTE, at++) & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (at == segment.byteSize() && length > 0) {
        return -1;
      }
      int count = (int) Math.min(length, segment.byteSize() - at);
      MemorySegment.copy(segment, JAVA_BYTE, at, target, offset, count);
      at += count;
      return count;
    }
  }

  /// The next bytes: as many as are asked for, or fewer at the end.
  ///
  /// @throws StateDictException if they cannot be unpacked
  byte[] next(int count) {
    byte[] bytes = new byte[(int) Math.min(count, member.size() - passed)];
    return Arrays.copyOf(bytes, read(bytes));
  }

  /// Fills `target` with the next bytes.
  ///
  /// @throws StateDictException if there are not so many
  void fill(MemorySegment target) {
    byte[] piece = new byte[piece(target.byteSize())];
    for (long at = 0; at < target.byteSize(); ) {
      int count = (int) Math.min(read(piece), target.byteSize() - at);
      if (count == 0) {
        throw new StateDictException(
            "it ends after %s of %s bytes".formatted(passed, member.size()));
      }
      MemorySegment.copy(piece, 0, target, JAVA_BYTE, at, count);
      at += count;
    }
  }

  /// Reads into `target`, and says how many bytes.
  private int read(byte[] target) {
    try {
      int wanted = (int) Math.min(target.length, member.size() - passed);
      int count = stream.readNBytes(target, 0, wanted);
      checksum.update(target, 0, count);
      passed += count;
      return count;
    } catch (IOException e) {
      throw notDeflated(e);
    }
  }

  private static StateDictException notDeflated(IOException e) {
    return new StateDictException("its bytes cannot be inflated: " + e.getMessage(), e);
  }

  /// Passes what is left and holds it all against what the directory says.
  ///
  /// @throws StateDictException if the size or the checksum differs
  void checkToEnd() {
    byte[] piece = new byte[piece(member.size() - passed)];
    while (read(piece) > 0) {}
    if (passed != member.size() || !isAtEnd()) {
      throw new StateDictException(
          "it does not have the %s bytes it says".formatted(member.size()));
    }
    if (checksum.getValue() != member.checksum()) {
      throw new StateDictException(
          "its bytes have the checksum %08x, not %08x"
              .formatted(checksum.getValue(), member.checksum()));
    }
  }

  private boolean isAtEnd() {
    try {
      return stream.read() < 0
          && (member.packing() == Packing.STORED || inflater.getBytesRead() == member.packed());
    } catch (IOException e) {
      throw notDeflated(e);
    }
  }

  @Override
  public void close() {
    inflater.end();
  }
}

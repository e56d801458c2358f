package dev.proteus.state;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/// Writes memory of any size through a buffer of a mebibyte.
final class Pieces {
  private static final int PIECE = 1 << 20;

  private Pieces() {}

  static void write(WritableByteChannel channel, MemorySegment bytes) throws IOException {
    ByteBuffer piece = ByteBuffer.allocateDirect((int) Math.min(PIECE, bytes.byteSize()));
    for (long at = 0; at < bytes.byteSize(); at += PIECE) {
      piece.clear().limit((int) Math.min(PIECE, bytes.byteSize() - at));
      MemorySegment.ofBuffer(piece).copyFrom(bytes.asSlice(at, piece.limit()));
      while (piece.hasRemaining()) {
        channel.write(piece);
      }
    }
  }
}

package dev.proteus.backend.opencl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Memory of the host in parts that a driver can work in: native memory as it is, in parts that fit
/// a Java buffer; arrays of the Java heap through native memory.
final class HostParts {
  private static final long NATIVE = 1L << 30;
  private static final long STAGED = 1L << 24;

  private HostParts() {}

  /// What copies one part; done when it returns.
  interface Copy {
    /// Copies to or from all of `part`, which begins at byte `at`.
    void run(long at, ByteBuffer part);
  }

  /// Copies all of `source` away.
  static void read(MemorySegment source, Copy copy) {
    if (source.isNative()) {
      eachNative(source, copy);
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment stage = arena.allocate(Math.min(STAGED, source.byteSize()));
      for (long at = 0; at < source.byteSize(); at += STAGED) {
        long bytes = Math.min(STAGED, source.byteSize() - at);
        MemorySegment.copy(source, at, stage, 0, bytes);
        copy.run(at, stage.asSlice(0, bytes).asByteBuffer());
      }
    }
  }

  /// Fills `target`.
  static void write(MemorySegment target, Copy copy) {
    if (target.isNative()) {
      eachNative(target, copy);
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment stage = arena.allocate(Math.min(STAGED, target.byteSize()));
      for (long at = 0; at < target.byteSize(); at += STAGED) {
        long bytes = Math.min(STAGED, target.byteSize() - at);
        copy.run(at, stage.asSlice(0, bytes).asByteBuffer());
        MemorySegment.copy(stage, 0, target, at, bytes);
      }
    }
  }

  private static void eachNative(MemorySegment memory, Copy copy) {
    for (long at = 0; at < memory.byteSize(); at += NATIVE) {
      copy.run(at, memory.asSlice(at, Math.min(NATIVE, memory.byteSize() - at)).asByteBuffer());
    }
  }
}

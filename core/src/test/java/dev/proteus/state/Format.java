package dev.proteus.state;

import dev.proteus.error.StateDictException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// The formats of files that strangers make.
enum Format {
  SAFETENSORS {
    @Override
    int read(Path file) throws IOException {
      return SafeTensors.read(file).size();
    }

    @Override
    int read(byte[] file) {
      return SafeTensors.read(MemorySegment.ofArray(file)).size();
    }
  },
  INDEX {
    @Override
    int read(Path file) throws IOException {
      return ShardedSafeTensors.read(file).size();
    }

    @Override
    int read(byte[] file) {
      return ShardIndex.parse(MemorySegment.ofArray(file)).files().size();
    }
  },
  NPY {
    @Override
    int read(Path file) throws IOException {
      return Npy.read(file).rank();
    }

    @Override
    int read(byte[] file) {
      return Npy.read(MemorySegment.ofArray(file)).rank();
    }
  },
  NPZ {
    @Override
    int read(Path file) throws IOException {
      return Npz.read(file).size();
    }

    @Override
    int read(byte[] file) {
      return Npz.read(MemorySegment.ofArray(file)).size();
    }
  };

  /// Reads a file and says how much was in it.
  abstract int read(Path file) throws IOException;

  /// The same for a file in memory.
  abstract int read(byte[] file);

  /// Reads a file that may be anything: whatever is wrong with it is a typed error.
  void tryRead(byte[] file) {
    try {
      read(file);
    } catch (StateDictException _) {
      // what it should be
    }
  }
}

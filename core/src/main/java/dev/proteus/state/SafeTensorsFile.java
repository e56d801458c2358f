package dev.proteus.state;

import dev.proteus.error.StateDictException;
import dev.proteus.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/// A safetensors file whose header was found sound, before any tensor is made of it.
final class SafeTensorsFile implements AutoCloseable {
  static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long HEADER_LIMIT = 100_000_000;
  static final String VERSION = "proteus.version.";

  private final MappedFile file;
  private final Contents contents;

  private SafeTensorsFile(MappedFile file, Contents contents) {
    this.file = file;
    this.contents = contents;
  }

  /// What is in the memory of a file.
  ///
  /// @param described metadata and versions, without tensors
  /// @param entries which tensors there are, and where
  /// @param data the bytes of all tensors
  record Contents(StateDict described, List<HeaderParser.Entry> entries, MemorySegment data) {
    /// @throws StateDictException if it is not well-formed
    static Contents of(MemorySegment file) {
      long size = file.byteSize();
      if (size < Long.BYTES) {
        throw new StateDictException(
            "safetensors: the file has %s bytes; a header's length alone has 8".formatted(size));
      }
      long headerSize = file.get(LENGTH, 0);
      if (headerSize < 0 || headerSize > HEADER_LIMIT || headerSize > size - Long.BYTES) {
        throw new StateDictException(
            "safetensors: the file says its header has %s bytes; there are %s, and %s are allowed"
                .formatted(Long.toUnsignedString(headerSize), size - Long.BYTES, HEADER_LIMIT));
      }
      MemorySegment header = file.asSlice(Long.BYTES, headerSize);
      MemorySegment data = file.asSlice(Long.BYTES + headerSize);
      HeaderParser.Header parsed = HeaderParser.parse(header, data.byteSize());
      return new Contents(described(parsed.metadata()), parsed.entries(), data);
    }

    private static StateDict described(Map<String, String> metadata) {
      StateDict.Builder builder = StateDict.builder();
      metadata.forEach((key, text) -> {
        if (key.startsWith(VERSION)) {
          builder.version(key.substring(VERSION.length()), version(key, text));
        } else {
          builder.metadata(key, text);
        }
      });
      return builder.build();
    }

    private static int version(String key, String text) {
      try {
        return Integer.parseInt(text);
      } catch (NumberFormatException e) {
        throw new StateDictException(
            "safetensors: metadata '%s' is '%s'; it must be a number".formatted(key, text), e);
      }
    }

    /// All of it, with tensors that have copies of the bytes.
    StateDict copied() {
      return made(Contents::copy);
    }

    private static Tensor copy(HeaderParser.Entry entry, MemorySegment bytes) {
      MemorySegment own = ByteOrders.turned(bytes, entry.dtype(), ByteOrder.LITTLE_ENDIAN);
      return Tensor.ofBytes(own, entry.shape(), entry.dtype());
    }

    private StateDict made(BiFunction<HeaderParser.Entry, MemorySegment, Tensor> tensor) {
      StateDict.Builder builder = described.toBuilder();
      for (HeaderParser.Entry entry : entries) {
        MemorySegment bytes = data.asSlice(entry.begin(), entry.size());
        builder.put(entry.name(), tensor.apply(entry, bytes));
      }
      return builder.build();
    }
  }

  /// Where the tensors' bytes will be.
  enum Access {
    /// In memory of the device, as copies.
    COPIED,
    /// In the file.
    MAPPED
  }

  /// Opens a file and reads its header.
  ///
  /// @throws IOException if the file cannot be read
  /// @throws StateDictException if it is not well-formed, naming it
  static SafeTensorsFile open(Path path, Access access) throws IOException {
    MappedFile file =
        switch (access) {
          case COPIED -> MappedFile.toRead(path);
          case MAPPED -> MappedFile.toKeep(path);
        };
    try {
      return new SafeTensorsFile(file, Contents.of(file.bytes()));
    } catch (StateDictException e) {
      file.close();
      throw new StateDictException(path + ": " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  List<String> names() {
    return contents.entries().stream().map(HeaderParser.Entry::name).toList();
  }

  /// All of it.
  StateDict read(Access access) {
    return switch (access) {
      case COPIED -> contents.copied();
      case MAPPED -> contents.made(this::share);
    };
  }

  private Tensor share(HeaderParser.Entry entry, MemorySegment bytes) {
    if (!ByteOrders.isNative(entry.dtype(), ByteOrder.LITTLE_ENDIAN)) {
      return Contents.copy(entry, bytes);
    }
    Runnable released = file.lend();
    try {
      return Tensor.sharing(bytes, entry.shape(), entry.dtype(), released);
    } catch (RuntimeException | Error e) {
      released.run();
      throw e;
    }
  }

  @Override
  public void close() {
    file.close();
  }
}

package dev.proteus.state;

import dev.proteus.error.NoDataException;
import dev.proteus.error.StateDictException;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// The safetensors file format: a length, a JSON header, and the bytes of all tensors.
///
/// Reading trusts nothing: whatever is wrong with a file is found before any tensor is made, in
/// time proportional to the header, and is a [StateDictException]. Files are mapped, so one may be
/// larger than 2 GiB, or than the heap; tensors are copied out of it one by one. Element types
/// beyond those of [DType] are refused by name.
///
/// Format: <https://github.com/huggingface/safetensors>. Versions of modules are kept in the
/// metadata, under `proteus.version.` and the module's path; version 1 goes without saying.
public final class SafeTensors {
  private static final long HEADER_LIMIT = 100_000_000;
  private static final String VERSION = "proteus.version.";
  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private SafeTensors() {}

  /// Reads a file; tensors are made on the default device.
  ///
  /// @throws IOException if the file cannot be read
  /// @throws StateDictException if it is not well-formed, naming it
  public static StateDict read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        Arena arena = Arena.ofShared()) {
      long size = channel.size();
      if (size < Long.BYTES) {
        throw truncated(size);
      }
      return read(channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena));
    } catch (StateDictException e) {
      throw new StateDictException(file + ": " + e.getMessage(), e);
    }
  }

  /// Reads a file whose bytes are in memory; tensors are made on the default device.
  ///
  /// @throws StateDictException if it is not well-formed
  public static StateDict read(MemorySegment file) {
    long size = file.byteSize();
    if (size < Long.BYTES) {
      throw truncated(size);
    }
    long headerSize = file.get(LENGTH, 0);
    if (headerSize < 0 || headerSize > HEADER_LIMIT || headerSize > size - Long.BYTES) {
      throw new StateDictException(
          "safetensors: the file says its header has %s bytes; there are %s, and %s are allowed"
              .formatted(Long.toUnsignedString(headerSize), size - Long.BYTES, HEADER_LIMIT));
    }
    MemorySegment header = file.asSlice(Long.BYTES, headerSize);
    MemorySegment data = file.asSlice(Long.BYTES + headerSize);
    return read(HeaderParser.parse(header, data.byteSize()), data);
  }

  private static StateDictException truncated(long size) {
    return new StateDictException(
        "safetensors: the file has %s bytes; a header's length alone has 8".formatted(size));
  }

  private static StateDict read(HeaderParser.Header header, MemorySegment data) {
    StateDict.Builder builder = StateDict.builder();
    header
        .metadata()
        .forEach((key, text) -> {
          if (key.startsWith(VERSION)) {
            builder.version(key.substring(VERSION.length()), version(key, text));
          } else {
            builder.metadata(key, text);
          }
        });
    for (HeaderParser.Entry entry : header.entries()) {
      MemorySegment bytes = data.asSlice(entry.begin(), entry.size());
      MemorySegment own = ByteOrders.turned(bytes, entry.dtype(), ByteOrder.LITTLE_ENDIAN);
      builder.put(entry.name(), Tensor.ofBytes(own, entry.shape(), entry.dtype()));
    }
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

  /// Writes a file: all of it or, if anything fails, none. The header keeps the order of `state`;
  /// in the data, wider element types come first, so that each tensor is aligned.
  ///
  /// @throws IOException if the file cannot be written
  /// @throws NoDataException if a tensor is on the meta device
  public static void write(Path file, StateDict state) throws IOException {
    state
        .tensors()
        .forEach((name, tensor) -> {
          if (tensor.device().isMeta()) {
            throw new NoDataException(
                "save: '%s' is on the meta device and has no data".formatted(name));
          }
        });
    PendingFile.write(file, channel -> write(channel, state));
  }

  private static void write(FileChannel channel, StateDict state) throws IOException {
    List<String> names = HeaderWriter.dataOrder(state);
    byte[] header = HeaderWriter.write(state.tensors(), names, metadata(state));
    MemorySegment length = MemorySegment.ofArray(new byte[Long.BYTES]);
    length.set(LENGTH, 0, header.length);
    Pieces.write(channel, length);
    Pieces.write(channel, MemorySegment.ofArray(header));
    for (String name : names) {
      Tensor tensor = state.get(name);
      Pieces.write(
          channel, ByteOrders.turned(tensor.toBytes(), tensor.dtype(), ByteOrder.LITTLE_ENDIAN));
    }
  }

  private static SequencedMap<String, String> metadata(StateDict state) {
    SequencedMap<String, String> all = new LinkedHashMap<>(state.metadata());
    state
        .versions()
        .forEach((path, version) -> {
          if (version != 1) {
            all.put(VERSION + path, String.valueOf(version));
          }
        });
    return all;
  }
}

package dev.proteus.state;

import dev.proteus.error.NoDataException;
import dev.proteus.error.StateDictException;
import dev.proteus.state.SafeTensorsFile.Access;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// The safetensors file format: a length, a JSON header, and the bytes of all tensors.
///
/// Reading trusts nothing: whatever is wrong with a file is found before any tensor is made, in
/// time proportional to the header, and is a [StateDictException]. Files are mapped, so one may be
/// larger than 2 GiB, or than the heap; tensors are copied out of it one by one, or stay in it.
/// Element types beyond those of [DType] are refused by name.
///
/// Format: <https://github.com/huggingface/safetensors>. Versions of modules are kept in the
/// metadata, under `proteus.version.` and the module's path; version 1 goes without saying.
public final class SafeTensors {
  private SafeTensors() {}

  /// Reads a file; tensors are made on the default device.
  ///
  /// @throws IOException if the file cannot be read
  /// @throws StateDictException if it is not well-formed, naming it
  public static StateDict read(Path file) throws IOException {
    return read(file, Access.COPIED);
  }

  /// Opens a file whose tensors stay where they are: on a device that works in memory of the host
  /// nothing is read before it is used, and nothing is copied.
  ///
  /// Writing into a tensor in place does not change the file. The file must stay as long as a
  /// tensor of it, and must not be shortened or written by others meanwhile. Copied nevertheless
  /// are tensors for other devices, those that are not aligned for their type, and all of a file
  /// that this process may not open for writing.
  ///
  /// @throws IOException if the file cannot be read
  /// @throws StateDictException if it is not well-formed, naming it
  public static StateDict map(Path file) throws IOException {
    return read(file, Access.MAPPED);
  }

  private static StateDict read(Path path, Access access) throws IOException {
    try (SafeTensorsFile file = SafeTensorsFile.open(path, access)) {
      return file.read(access);
    }
  }

  /// Reads a file whose bytes are in memory; tensors are made on the default device.
  ///
  /// @throws StateDictException if it is not well-formed
  public static StateDict read(MemorySegment file) {
    return SafeTensorsFile.Contents.of(file).copied();
  }

  /// Writes a file: all of it or, if anything fails, none. The header keeps the order of `state`;
  /// in the data, wider element types come first, so that each tensor is aligned. Kinds are written
  /// by their parts; see [StateDict#flattened()].
  ///
  /// @throws IOException if the file cannot be written
  /// @throws NoDataException if a tensor is on the meta device or uninitialized
  /// @throws StateDictException if a part of a kind would have the name of another entry
  public static void write(Path file, StateDict state) throws IOException {
    StateDict flat = writable(state);
    PendingFile.write(file, channel -> write(channel, flat));
  }

  /// What a file has of a state.
  ///
  /// @throws NoDataException if a tensor is on the meta device or uninitialized
  /// @throws StateDictException if a part of a kind would have the name of another entry
  static StateDict writable(StateDict state) {
    state.tensors().forEach(StateDict::checkHasData);
    return state.flattened();
  }

  static void write(FileChannel channel, StateDict state) throws IOException {
    List<String> names = HeaderWriter.dataOrder(state);
    byte[] header = HeaderWriter.write(state.tensors(), names, metadata(state));
    MemorySegment length = MemorySegment.ofArray(new byte[Long.BYTES]);
    length.set(SafeTensorsFile.LENGTH, 0, header.length);
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
            all.put(SafeTensorsFile.VERSION + path, String.valueOf(version));
          }
        });
    return all;
  }
}

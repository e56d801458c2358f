package dev.proteus.state;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.proteus.error.DTypeException;
import dev.proteus.error.NoDataException;
import dev.proteus.error.StateDictException;
import dev.proteus.state.NpyHeader.Axes;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/// NumPy's file format for one array: `numpy.load` and `numpy.save`.
///
/// Read are versions 1.0 to 3.0, either byte order, and either order of axes; what comes is
/// row-major. All our element types but bfloat16 have a name there. Reading trusts nothing:
/// whatever is wrong with a file is found before a tensor is made, and is a [StateDictException].
/// Objects, texts and named fields are refused by name; nothing pickled is read.
///
/// Format: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.
public final class Npy {
  private Npy() {}

  /// Reads a file; the tensor is made on the default device.
  ///
  /// @throws IOException if the file cannot be read
  /// @throws StateDictException if it is not well-formed, naming it
  public static Tensor read(Path file) throws IOException {
    try (MappedFile mapped = MappedFile.toRead(file)) {
      return read(mapped.bytes());
    } catch (StateDictException e) {
      throw new StateDictException(file + ": " + e.getMessage(), e);
    }
  }

  /// Reads a file whose bytes are in memory; the tensor is made on the default device.
  ///
  /// @throws StateDictException if it is not well-formed
  public static Tensor read(MemorySegment file) {
    long start = Math.min(file.byteSize(), NpyHeader.LIMIT);
    NpyHeader header = NpyParser.parse(file.asSlice(0, start).toArray(JAVA_BYTE), file.byteSize());
    return tensor(header, file.asSlice(header.size()));
  }

  /// The tensor of these elements.
  static Tensor tensor(NpyHeader header, MemorySegment elements) {
    MemorySegment own = ByteOrders.turned(elements, header.dtype(), header.bytes());
    Shape shape = header.shape();
    if (header.axes() == Axes.LAST_INNERMOST || shape.rank() < 2) {
      return Tensor.ofBytes(own, shape, header.dtype());
    }
    long[] reversed = reversed(shape.toArray());
    int[] axes = IntStream.range(0, shape.rank()).map(axis -> shape.rank() - 1 - axis).toArray();
    return Scope.noGrad(
        () -> Tensor.ofBytes(own, Shape.of(reversed), header.dtype()).permute(axes).contiguous());
  }

  private static long[] reversed(long[] sizes) {
    long[] reversed = new long[sizes.length];
    Arrays.setAll(reversed, axis -> sizes[sizes.length - 1 - axis]);
    return reversed;
  }

  /// Writes a file that NumPy loads: all of it or, if anything fails, none.
  ///
  /// @throws IOException if the file cannot be written
  /// @throws NoDataException if the tensor is on the meta device or uninitialized
  /// @throws DTypeException if it is a bfloat16, which NumPy does not have
  public static void write(Path file, Tensor tensor) throws IOException {
    checkWritable("npy", tensor);
    PendingFile.write(
        file,
        channel -> {
          Pieces.write(channel, MemorySegment.ofArray(header(tensor)));
          Pieces.write(channel, tensor.toBytes());
        });
  }

  /// What stands before the bytes of a tensor.
  static byte[] header(Tensor tensor) {
    return NpyHeader.write(tensor.dtype(), tensor.shape());
  }

  /// @throws NoDataException if the tensor is on the meta device or uninitialized
  /// @throws DTypeException if NumPy has no such element type
  static void checkWritable(String name, Tensor tensor) {
    StateDict.checkHasData(name, tensor);
    try {
      NpyHeader.kind(tensor.dtype());
    } catch (DTypeException e) {
      throw new DTypeException("save: '%s': %s".formatted(name, e.getMessage()));
    }
  }
}

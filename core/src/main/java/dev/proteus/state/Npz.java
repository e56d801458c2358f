package dev.proteus.state;

import dev.proteus.error.DTypeException;
import dev.proteus.error.NoDataException;
import dev.proteus.error.StateDictException;
import dev.proteus.state.ZipDirectory.Member;
import dev.proteus.state.ZipDirectory.Packing;
import dev.proteus.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// NumPy's file format for several arrays by name: a zip archive of [Npy] files, as `numpy.load`,
/// `numpy.savez` and `numpy.savez_compressed` know it.
///
/// Reading trusts nothing: the archive, the header and the checksum of each member are verified,
/// and with them all that can be wrong, before any tensor is made; it is a [StateDictException]
/// then. An archive that inflates to more than 64 MiB and to more than a hundred times its own size
/// is refused.
///
/// An archive has names and arrays and nothing else: metadata and versions of a state dict are not
/// written.
public final class Npz {
  private static final String SUFFIX = ".npy";
  private static final long INFLATED_LIMIT = 64 << 20;
  private static final long INFLATED_RATIO = 100;
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private Npz() {}

  /// Whether arrays are packed when they are written.
  public enum Compression {
    /// They are written as they are, as by `numpy.savez`.
    NONE,
    /// They are deflated, as by `numpy.savez_compressed`; weights seldom become much smaller.
    DEFLATE
  }

  /// A member that was found sound.
  private record Array(Member member, NpyHeader header) {}

  /// Reads a file; tensors are made on the default device, in the order of the archive.
  ///
  /// @throws IOException if the file cannot be read
  /// @throws StateDictException if it is not well-formed, naming it
  public static StateDict read(Path file) throws IOException {
    try (MappedFile mapped = MappedFile.toRead(file)) {
      return read(mapped.bytes());
    } catch (StateDictException e) {
      throw new StateDictException(file + ": " + e.getMessage(), e);
    }
  }

  /// Reads a file whose bytes are in memory; tensors are made on the default device.
  ///
  /// @throws StateDictException if it is not well-formed
  public static StateDict read(MemorySegment file) {
    List<Member> members = ZipDirectory.read(file);
    checkInflation(members, file.byteSize());
    List<Array> arrays = new ArrayList<>(members.size());
    for (Member member : members) {
      arrays.add(checked(file, member));
    }
    StateDict.Builder builder = StateDict.builder();
    for (Array array : arrays) {
      builder.put(name(array.member()), tensor(file, array));
    }
    return builder.build();
  }

  private static void checkInflation(List<Member> members, long archive) {
    long limit = Math.max(INFLATED_LIMIT, INFLATED_RATIO * archive);
    long left = limit;
    for (Member member : members) {
      if (member.size() > left) {
        throw new StateDictException(
            "npz: the archive's %s bytes inflate to more than %s".formatted(archive, limit));
      }
      left -= member.size();
    }
  }

  private static String name(Member member) {
    return member.name().substring(0, member.name().length() - SUFFIX.length());
  }

  private static Array checked(MemorySegment archive, Member member) {
    String shown = ZipDirectory.shown(member.name());
    if (!member.name().endsWith(SUFFIX)) {
      throw new StateDictException(
          "npz: member '%s' is no array; its name does not end with %s".formatted(shown, SUFFIX));
    }
    try (Unpacked bytes = new Unpacked(archive, member)) {
      NpyHeader header = NpyParser.parse(bytes.next(NpyHeader.LIMIT), member.size());
      bytes.checkToEnd();
      return new Array(member, header);
    } catch (StateDictException e) {
      throw new StateDictException("npz: member '%s': %s".formatted(shown, e.getMessage()), e);
    }
  }

  private static Tensor tensor(MemorySegment archive, Array array) {
    Member member = array.member();
    NpyHeader header = array.header();
    if (member.packing() == Packing.STORED) {
      long start = member.start() + header.size();
      return Npy.tensor(header, archive.asSlice(start, header.dataBytes()));
    }
    try (Arena arena = Arena.ofConfined();
        Unpacked bytes = new Unpacked(archive, member)) {
      bytes.next(header.size());
      MemorySegment elements = arena.allocate(header.dataBytes(), Long.BYTES);
      bytes.fill(elements);
      return Npy.tensor(header, elements);
    }
  }

  /// Writes a file that NumPy loads, uncompressed: all of it or, if anything fails, none.
  ///
  /// @throws IOException if the file cannot be written
  /// @throws NoDataException if a tensor is on the meta device or uninitialized
  /// @throws StateDictException if a tensor is of a kind, for which the format has no place
  /// @throws DTypeException if a tensor is a bfloat16, which NumPy does not have
  public static void write(Path file, StateDict state) throws IOException {
    write(file, state, Compression.NONE);
  }

  /// Writes a file that NumPy loads: all of it or, if anything fails, none.
  ///
  /// @throws IOException if the file cannot be written
  /// @throws NoDataException if a tensor is on the meta device or uninitialized
  /// @throws StateDictException if a tensor is of a kind, for which the format has no place
  /// @throws DTypeException if a tensor is a bfloat16, which NumPy does not have
  public static void write(Path file, StateDict state, Compression compression) throws IOException {
    FlatKinds.checkPlain(state, "npz");
    state.tensors().forEach(Npy::checkWritable);
    PendingFile.write(
        file,
        channel -> {
          ZipOutputStream zip = new ZipOutputStream(Channels.newOutputStream(channel));
          for (Map.Entry<String, Tensor> entry : state.tensors().entrySet()) {
            write(zip, entry.getKey() + SUFFIX, entry.getValue(), compression);
          }
          zip.finish();
        });
  }

  private static void write(
      ZipOutputStream zip, String name, Tensor tensor, Compression compression) throws IOException {
    MemorySegment header = MemorySegment.ofArray(Npy.header(tensor));
    MemorySegment elements = tensor.toBytes();
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(NO_TIME);
    if (compression == Compression.NONE) {
      CRC32 checksum = new CRC32();
      write(new CheckedOutputStream(OutputStream.nullOutputStream(), checksum), header, elements);
      entry.setMethod(ZipEntry.STORED);
      entry.setCrc(checksum.getValue());
      entry.setSize(header.byteSize() + elements.byteSize());
    }
    zip.putNextEntry(entry);
    write(zip, header, elements);
    zip.closeEntry();
  }

  @SuppressWarnings("MustBeClosedChecker") // it is the stream's, which goes on
  private static void write(OutputStream stream, MemorySegment header, MemorySegment elements)
      throws IOException {
    WritableByteChannel channel = Channels.newChannel(stream);
    Pieces.write(channel, header);
    Pieces.write(channel, elements);
  }
}

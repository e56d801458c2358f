package dev.proteus.state;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// npy and npz files that are not what they say: made by hand, and by mutation of sound ones.
final class MalformedNumPyFiles {
  private static final int LOCAL_CHECKSUM = 14;
  private static final int LOCAL_NAME = 30;

  private MalformedNumPyFiles() {}

  // ---- npy

  /// An npy file of version 1.0 with this text and so many zero bytes of elements.
  private static byte[] npy(String text, int dataBytes) {
    return npy(1, text.length(), text, dataBytes);
  }

  private static byte[] npy(int version, int length, String text, int dataBytes) {
    int before = version == 1 ? 10 : 12;
    ByteBuffer file =
        ByteBuffer.allocate(before + text.length() + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 0x93).put(latin1("NUMPY")).put((byte) version).put((byte) 0);
    if (version == 1) {
      file.putShort((short) length);
    } else {
      file.putInt(length);
    }
    return file.put(latin1(text)).array();
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String dict(String descr, String order, String shape) {
    return "{'descr': %s, 'fortran_order': %s, 'shape': %s, }\n".formatted(descr, order, shape);
  }

  private static String f4(String shape) {
    return dict("'<f4'", "False", shape);
  }

  /// npy files made by hand, by what is wrong with them.
  static Map<String, byte[]> npyByHand() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    byte[] sound = npy(f4("(1,)"), 4);
    files.put("empty", new byte[0]);
    files.put("magic only", Arrays.copyOf(sound, 6));
    files.put("nine bytes", Arrays.copyOf(sound, 9));
    files.put("version 2, eleven bytes", Arrays.copyOf(npy(2, 0, "", 0), 11));
    files.put("cut in the header", Arrays.copyOf(sound, 30));
    files.put("cut in the elements", Arrays.copyOf(sound, sound.length - 1));
    files.put("bytes behind", Arrays.copyOf(sound, sound.length + 1));
    files.put("other magic", npy("", 0).clone());
    files.get("other magic")[0] = 'N';
    files.put("version 0", npy(0, 2, "{}", 0));
    files.put("version 4", npy(4, 2, "{}", 0));
    files.put("version 1.1", sound.clone());
    files.get("version 1.1")[7] = 1;
    files.put("length beyond the file", npy(1, 60_000, f4("(1,)"), 4));
    files.put("length of 2^31 - 1", npy(2, Integer.MAX_VALUE, f4("(1,)"), 4));
    files.put("length of 2^32 - 1", npy(2, -1, f4("(1,)"), 4));
    files.put("header of 80,000 bytes", npy(2, 80_000, f4("(1,)") + " ".repeat(80_000), 4));
    files.put("no text", npy("", 0));
    files.put("no dict", npy("('<f4', False, (1,))", 4));
    files.put("empty dict", npy("{}", 0));
    files.put("open dict", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)", 4));
    files.put("text after the dict", npy(f4("(1,)") + "0", 4));
    files.put("comma only", npy("{,}", 4));
    files.put("no descr", npy("{'fortran_order': False, 'shape': (1,)}", 4));
    files.put("no order", npy("{'descr': '<f4', 'shape': (1,)}", 4));
    files.put("no shape", npy("{'descr': '<f4', 'fortran_order': False}", 4));
    files.put("a fourth key", npy(f4("(1,)").replace("}", "'x': 1}"), 4));
    files.put("a key twice", npy(f4("(1,)").replace("}", "'descr': '<f4'}"), 4));
    files.put("a key of 60,000 letters", npy("{'" + "x".repeat(60_000) + "': 1}", 4));
    files.put("a key that is open", npy("{'descr", 4));
    files.put("a key with an escape", npy("{'d\\x65scr': '<f4'}", 4));
    files.put("an expression", npy(f4("(__import__('os'),)"), 4));
    files.put("order is 1", npy(dict("'<f4'", "1", "(1,)"), 4));
    files.put("order is false", npy(dict("'<f4'", "false", "(1,)"), 4));
    files.put("shape is a number", npy(f4("1"), 4));
    files.put("shape is a list", npy(f4("[1]"), 4));
    files.put("shape is in parentheses", npy(f4("(1)"), 4));
    files.put("shape is nested", npy(f4("((1,),)"), 4));
    files.put("shape is open", npy("{'shape': (1,", 4));
    files.put("shape without commas", npy(f4("(1 1)"), 4));
    files.put("shape with a comma only", npy(f4("(,)"), 4));
    files.put("negative size", npy(f4("(-1,)"), 4));
    files.put("real size", npy(f4("(1.0,)"), 4));
    files.put("size with leading zero", npy(f4("(01,)"), 4));
    files.put("size beyond 64 bits", npy(f4("(99999999999999999999,)"), 4));
    files.put("product beyond 64 bits", npy(f4("(4294967296, 4294967296, 0)"), 0));
    files.put("bytes beyond 64 bits", npy(f4("(4611686018427387904,)"), 0));
    files.put("terabytes", npy(f4("(1000000000000,)"), 4));
    files.put("too many axes", npy(f4("(" + "1,".repeat(65) + ")"), 4));
    files.put("20,000 axes", npy(f4("(" + "1,".repeat(20_000) + ")"), 4));
    for (String descr :
        List.of(
            "O", "|O", "|O8", "<U5", "|S3", "<M8[ns]", "|V2", "<V2", "<c8", "<f16", "<u4", "=f4",
            "f4", "|f4", "<b2", "", "<", "<f4 ", "float32")) {
      files.put("descr " + descr, npy(dict("'" + descr + "'", "False", "(1,)"), 4));
    }
    files.put("named fields", npy(dict("[('x', '<f4')]", "False", "(1,)"), 4));
    files.put("descr is None", npy(dict("None", "False", "(1,)"), 4));
    files.put("other quotes", npy(dict("'<f4\"", "False", "(1,)"), 4));
    files.put("letters beyond ASCII", npy(dict("'\u00fc'", "False", "(1,)"), 4));
    files.put("zeros", npy("\0".repeat(100), 4));
    return files;
  }

  // ---- npz

  /// What is put into an archive: its name and bytes, and how.
  private record Content(String name, ByteBuffer bytes, int method) {}

  private static Content stored(String name, byte[] bytes) {
    return new Content(name, ByteBuffer.wrap(bytes), ZipEntry.STORED);
  }

  private static Content deflated(String name, byte[] bytes) {
    return new Content(name, ByteBuffer.wrap(bytes), ZipEntry.DEFLATED);
  }

  private static byte[] zip(Content... contents) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Content content : contents) {
        ZipEntry entry = new ZipEntry(content.name());
        entry.setMethod(content.method());
        if (content.method() == ZipEntry.STORED) {
          CRC32 checksum = new CRC32();
          checksum.update(content.bytes().array());
          entry.setCrc(checksum.getValue());
          entry.setSize(content.bytes().capacity());
        }
        zip.putNextEntry(entry);
        zip.write(content.bytes().array());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// An archive after something was done to it; little-endian, as zip is.
  private static byte[] changed(byte[] archive, Consumer<ByteBuffer> change) {
    byte[] bytes = archive.clone();
    change.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    return bytes;
  }

  /// Where the directory of an archive without comment begins.
  private static int directory(ByteBuffer archive) {
    return archive.getInt(archive.capacity() - 6);
  }

  private static byte[] inDirectory(byte[] archive, int at, int value) {
    return changed(archive, b -> b.putInt(directory(b) + at, value));
  }

  private static byte[] inDirectory(byte[] archive, int at, short value) {
    return changed(archive, b -> b.putShort(directory(b) + at, value));
  }

  private static byte[] inEnd(byte[] archive, int at, int value) {
    return changed(archive, b -> b.putInt(b.capacity() - 22 + at, value));
  }

  private static byte[] inEnd(byte[] archive, int at, short value) {
    return changed(archive, b -> b.putShort(b.capacity() - 22 + at, value));
  }

  /// npz files made by hand, by what is wrong with them.
  static Map<String, byte[]> npzByHand() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    byte[] array = npy(f4("(2, 3)"), 24);
    byte[] one = zip(stored("a.npy", array));
    byte[] packed = zip(deflated("a.npy", array));
    byte[] two = zip(stored("a.npy", array), stored("b.npy", array));
    int start = LOCAL_NAME + "a.npy".length();
    files.put("empty", new byte[0]);
    files.put("21 bytes", new byte[21]);
    files.put("zeros", new byte[100_000]);
    files.put("an npy", array);
    files.put("cut", Arrays.copyOf(one, one.length - 1));
    files.put("bytes behind", Arrays.copyOf(one, one.length + 1));
    files.put("bytes before", before(one));
    files.put("second disk", inEnd(one, 4, (short) 1));
    files.put("one entry too many", inEnd(one, 10, (short) 2));
    files.put("one entry too few", inEnd(two, 10, (short) 1));
    files.put("60,000 entries", inEnd(one, 10, (short) 60_000));
    files.put("zip64 without locator", inEnd(one, 16, -1));
    files.put("directory too long", inEnd(one, 12, 1 << 30));
    files.put("directory too short", inEnd(one, 12, 10));
    files.put("directory elsewhere", inEnd(one, 16, 0));
    files.put("entry without magic", inDirectory(one, 0, 0));
    files.put("encrypted", inDirectory(one, 8, (short) 1));
    files.put("method 12", inDirectory(one, 10, (short) 12));
    files.put("stored is called deflated", inDirectory(one, 10, (short) 8));
    files.put("deflated is called stored", inDirectory(packed, 10, (short) 0));
    files.put("another checksum", inDirectory(one, 16, 1));
    files.put("another checksum, deflated", inDirectory(packed, 16, 1));
    files.put("packed size of 2^31", inDirectory(one, 20, Integer.MIN_VALUE));
    files.put("packed size too small", inDirectory(packed, 20, 3));
    files.put("packed size too large", inDirectory(packed, 20, packed.length));
    files.put("size of 2^32 - 1 without extra", inDirectory(one, 24, -1));
    files.put("size of 2^31", inDirectory(packed, 24, Integer.MIN_VALUE));
    files.put("size too small", inDirectory(packed, 24, array.length - 1));
    files.put("size too large", inDirectory(packed, 24, array.length + 1));
    files.put("name beyond the directory", inDirectory(one, 28, (short) 60_000));
    files.put("name empty", inDirectory(one, 28, (short) 0));
    files.put("header elsewhere", inDirectory(one, 42, 1));
    files.put("header beyond the file", inDirectory(one, 42, 1 << 30));
    files.put("header of another", inDirectory(two, 46 + 5 + 42, 0));
    files.put("header without magic", changed(one, b -> b.putInt(0, 0)));
    files.put("header with another name", changed(one, b -> b.put(LOCAL_NAME, (byte) 'x')));
    files.put("header with a long extra", changed(one, b -> b.putShort(28, (short) -1)));
    files.put("the same member twice", sameName(two));
    files.put("members overlap", changed(two, b -> b.putInt(directory(b) + 20, 200)));
    files.put("name is not UTF-8", notUtf8(zip(stored("ä.npy", array))));
    files.put("name is not ASCII", changed(one, b -> b.put(directory(b) + 46, (byte) 0xE4)));
    files.put("a folder", zip(stored("a/", new byte[0])));
    files.put("no array", zip(stored("readme.txt", latin1("hello"))));
    files.put("pickled", zip(stored("a.npy", npy(dict("'|O'", "False", "(1,)"), 40))));
    files.put("array is empty", zip(stored("a.npy", new byte[0])));
    files.put("array is cut", zip(deflated("a.npy", Arrays.copyOf(array, array.length - 1))));
    files.put("array with bytes behind", zip(stored("a.npy", Arrays.copyOf(array, 200))));
    files.put("terabytes", zip(stored("a.npy", npy(f4("(1000000000000,)"), 4))));
    files.put("one bad among two", zip(stored("a.npy", array), stored("b.npy", new byte[9])));
    files.put("an element changed", changed(one, b -> b.put(start + array.length - 1, (byte) 1)));
    files.put("deflate of zeros", changed(packed, b -> zeros(b, start, 40)));
    files.put("deflate of ones", changed(packed, b -> ones(b, start, 40)));
    files.put("a bomb", zip(deflated("a.npy", npy(f4("(25000000,)"), 100_000_000))));
    files.put("a bomb that says it is small", inDirectory(files.get("a bomb"), 24, array.length));
    files.put("many small bombs", bombs());
    files.put("bomb with a wrong checksum", lateError());
    files.put("70,000 members", zip(many(70_000)));
    files.put("long names", zip(longNames()));
    return files;
  }

  private static byte[] before(byte[] archive) {
    byte[] bytes = new byte[archive.length + 1];
    System.arraycopy(archive, 0, bytes, 1, archive.length);
    return bytes;
  }

  private static void zeros(ByteBuffer bytes, int from, int count) {
    bytes.put(from, new byte[count]);
  }

  private static void ones(ByteBuffer bytes, int from, int count) {
    byte[] ones = new byte[count];
    Arrays.fill(ones, (byte) -1);
    bytes.put(from, ones);
  }

  /// Both members are called `a.npy`, in their headers too.
  private static byte[] sameName(byte[] two) {
    return changed(
        two,
        b -> {
          int second = b.getInt(directory(b) + 46 + 5 + 42);
          b.put(second + LOCAL_NAME, (byte) 'a').put(directory(b) + 46 + 5 + 46, (byte) 'a');
        });
  }

  private static byte[] notUtf8(byte[] archive) {
    return changed(
        archive,
        b -> {
          b.put(LOCAL_NAME, (byte) 0xFF).put(directory(b) + 46, (byte) 0xFF);
        });
  }

  private static byte[] bombs() {
    byte[] zeros = npy(f4("(2500000,)"), 10_000_000);
    return zip(
        IntStream.range(0, 12).mapToObj(i -> deflated(i + ".npy", zeros)).toArray(Content[]::new));
  }

  /// All is well until the last byte of 50 MB.
  private static byte[] lateError() {
    byte[] archive = zip(deflated("a.npy", npy(f4("(12500000,)"), 50_000_000)));
    return inDirectory(archive, LOCAL_CHECKSUM + 2, 1);
  }

  private static Content[] many(int count) {
    byte[] array = npy(f4("(0,)"), 0);
    return IntStream.range(0, count)
        .mapToObj(i -> stored(i + ".npy", array))
        .toArray(Content[]::new);
  }

  private static Content[] longNames() {
    byte[] array = npy(f4("(0,)"), 0);
    return IntStream.range(0, 200)
        .mapToObj(i -> stored("x".repeat(60_000) + i + ".npy", array))
        .toArray(Content[]::new);
  }

  // ---- mutants

  /// A sound file with one random change, which may leave it sound.
  static byte[] mutant(byte[] sound, Random random) {
    byte[] bytes = sound.clone();
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(5)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt(256);
      case 2 -> bytes = Arrays.copyOf(bytes, at);
      case 3 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(8));
      default -> {
        int from = random.nextInt(bytes.length);
        int length = Math.min(random.nextInt(40), bytes.length - Math.max(from, at));
        System.arraycopy(sound, from, bytes, at, length);
      }
    }
    return bytes;
  }
}

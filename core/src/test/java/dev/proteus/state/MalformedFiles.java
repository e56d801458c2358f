package dev.proteus.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Safetensors files, and indexes of shards, that are not what they say: made by hand, and by
/// mutation of a sound one.
final class MalformedFiles {
  private MalformedFiles() {}

  /// A file of this header and so many zero bytes of data.
  private static byte[] file(String header, int dataBytes) {
    return file(header.getBytes(StandardCharsets.UTF_8), dataBytes);
  }

  private static byte[] file(byte[] header, int dataBytes) {
    return file(header.length, header, dataBytes);
  }

  private static byte[] file(long length, byte[] header, int dataBytes) {
    byte[] bytes = new byte[Long.BYTES + header.length + dataBytes];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    segment.set(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0, length);
    MemorySegment.copy(MemorySegment.ofArray(header), 0, segment, Long.BYTES, header.length);
    return bytes;
  }

  private static String tensor(String fields) {
    return "{\"a\":{" + fields + "}}";
  }

  private static String f32(String shape, String offsets) {
    return tensor("\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":" + offsets);
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// Files made by hand, by what is wrong with them.
  static Map<String, byte[]> byHand() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("empty", new byte[0]);
    files.put("seven bytes", new byte[7]);
    files.put("length only, 0", new byte[8]);
    files.put("length only, 2", file(2, new byte[0], 0));
    files.put("length beyond the file", file(1000, latin1("{}"), 0));
    files.put("length of 2^62", file(1L << 62, latin1("{}"), 0));
    files.put("negative length", file(-1, latin1("{}"), 0));
    files.put("length over the limit", file(100_000_001, latin1("{}"), 0));
    files.put("no object", file("[]", 0));
    files.put("space before the object", file(" {}", 0));
    files.put("text after the object", file("{}x", 0));
    files.put("two objects", file("{}{}", 0));
    files.put("open object", file("{", 0));
    files.put("comma only", file("{,}", 0));
    files.put("trailing comma", file("{\"__metadata__\":{},}", 0));
    files.put("data without tensors", file("{}", 4));
    files.put("unquoted name", file("{a:{}}", 0));
    files.put("tensor is a number", file("{\"a\":1}", 0));
    files.put("tensor is null", file("{\"a\":null}", 0));
    files.put("no fields", file("{\"a\":{}}", 0));
    files.put("no dtype", file(tensor("\"shape\":[1],\"data_offsets\":[0,4]"), 4));
    files.put("no shape", file(tensor("\"dtype\":\"F32\",\"data_offsets\":[0,4]"), 4));
    files.put("no offsets", file(tensor("\"dtype\":\"F32\",\"shape\":[1]"), 4));
    files.put("unknown field", file(tensor("\"colour\":\"red\""), 0));
    files.put("unknown dtype", file(f32("[1]", "[0,4]").replace("F32", "F31"), 4));
    files.put("foreign dtype", file(f32("[4]", "[0,4]").replace("F32", "F8_E4M3"), 4));
    files.put("dtype is a number", file(f32("[1]", "[0,4]").replace("\"F32\"", "32"), 4));
    files.put("shape is a number", file(f32("1", "[0,4]"), 4));
    files.put("shape is nested", file(f32("[[1]]", "[0,4]"), 4));
    files.put("negative size", file(f32("[-1]", "[0,4]"), 4));
    files.put("real size", file(f32("[1.0]", "[0,4]"), 4));
    files.put("size with exponent", file(f32("[1e0]", "[0,4]"), 4));
    files.put("size with leading zero", file(f32("[01]", "[0,4]"), 4));
    files.put("size beyond 64 bits", file(f32("[99999999999999999999]", "[0,4]"), 4));
    files.put("product beyond 64 bits", file(f32("[4294967296,4294967296,0]", "[0,0]"), 0));
    files.put("bytes beyond 64 bits", file(f32("[4611686018427387904]", "[0,4]"), 4));
    files.put("too many axes", file(f32("[" + "1,".repeat(64) + "1]", "[0,4]"), 4));
    files.put("shape larger than span", file(f32("[2]", "[0,4]"), 4));
    files.put("shape smaller than span", file(f32("[1]", "[0,8]"), 8));
    files.put("span no multiple", file(f32("[1]", "[0,5]"), 5));
    files.put("huge shape, small span", file(f32("[1000000000000]", "[0,4]"), 4));
    files.put("one offset", file(f32("[1]", "[0]"), 4));
    files.put("three offsets", file(f32("[1]", "[0,4,4]"), 4));
    files.put("no offset", file(f32("[1]", "[]"), 4));
    files.put("negative offset", file(f32("[1]", "[-4,0]"), 4));
    files.put("inverted offsets", file(f32("[1]", "[4,0]"), 4));
    files.put("offsets past the end", file(f32("[1]", "[0,4]"), 3));
    files.put("offsets far past the end", file(f32("[1]", "[4000000000000,4000000000004]"), 4));
    files.put("gap at the start", file(f32("[1]", "[4,8]"), 8));
    files.put("data after the last", file(f32("[1]", "[0,4]"), 8));
    files.put("nested value", file("{\"a\":{\"b\":{\"c\":{}}}}", 0));
    files.put("deep arrays", file(f32("[".repeat(100_000), "[0,4]"), 4));
    files.put("deep objects", file("{\"a\":".repeat(100_000), 0));
    String one = "\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":";
    files.put("overlap", file("{\"a\":{%1$s[0,4]},\"b\":{%1$s[0,4]}}".formatted(one), 4));
    files.put("half an overlap", file("{\"a\":{%1$s[0,4]},\"b\":{%1$s[2,6]}}".formatted(one), 6));
    files.put("gap", file("{\"a\":{%1$s[0,4]},\"b\":{%1$s[8,12]}}".formatted(one), 12));
    files.put("same name", file("{\"a\":{%1$s[0,4]},\"a\":{%1$s[4,8]}}".formatted(one), 8));
    files.put(
        "same name, escaped",
        file("{\"a\":{%1$s[0,4]},\"\\u0061\":{%1$s[4,8]}}".formatted(one), 8));
    files.put("same field", file(tensor("\"dtype\":\"F32\"," + one + "[0,4]"), 4));
    files.put("metadata is an array", file("{\"__metadata__\":[]}", 0));
    files.put("metadata of a number", file("{\"__metadata__\":{\"k\":1}}", 0));
    files.put("metadata of an object", file("{\"__metadata__\":{\"k\":{}}}", 0));
    files.put("metadata of null", file("{\"__metadata__\":{\"k\":null}}", 0));
    files.put("metadata twice", file("{\"__metadata__\":{},\"__metadata__\":{}}", 0));
    files.put("same key", file("{\"__metadata__\":{\"k\":\"\",\"k\":\"\"}}", 0));
    files.put("version no number", file("{\"__metadata__\":{\"proteus.version.\":\"x\"}}", 0));
    files.put("open string", file("{\"a", 0));
    files.put("control character", file("{\"a\n\":{}}", 0));
    files.put("unknown escape", file("{\"\\x\":{}}", 0));
    files.put("short escape", file("{\"\\u12\":{}}", 0));
    files.put("lone high surrogate", file("{\"\\ud800\":{}}", 0));
    files.put("lone low surrogate", file("{\"\\udc00\":{}}", 0));
    files.put("two high surrogates", file("{\"\\ud800\\ud800\":{}}", 0));
    files.put("byte 0xff", file(latin1("{\"\u00ff\":{}}"), 0));
    files.put("continuation byte first", file(latin1("{\"\u0080\":{}}"), 0));
    files.put("overlong slash", file(latin1("{\"\u00c0\u00af\":{}}"), 0));
    files.put("overlong of three bytes", file(latin1("{\"\u00e0\u0080\u00af\":{}}"), 0));
    files.put("surrogate in UTF-8", file(latin1("{\"\u00ed\u00a0\u0080\":{}}"), 0));
    files.put("beyond U+10FFFF", file(latin1("{\"\u00f4\u0090\u0080\u0080\":{}}"), 0));
    files.put("cut character", file(latin1("{\"\u00e2\u0082\":{}}"), 0));
    files.put("UTF-16", file("{}".getBytes(StandardCharsets.UTF_16LE), 0));
    files.put("zeros after the object", file("{}\0\0\0\0\0\0", 0));
    files.put("name of 1 MiB", file("{\"" + "x".repeat(1 << 20) + "\":{}}", 0));
    files.put(
        "metadata of 3 MiB", file("{\"__metadata__\":{\"k\":\"" + "x".repeat(3 << 20) + "\"}}", 0));
    files.put("metadata of 20,000 keys", file("{\"__metadata__\":{" + keys(20_000) + "}}", 0));
    files.put("200,000 tensors", file("{" + tensors(200_000) + "}", 0));
    files.put("60,000 tensors and one gap", file("{" + tensors(60_000) + "}", 1));
    return files;
  }

  private static byte[] index(String map) {
    return ("{\"metadata\":{\"total_size\":4},\"weight_map\":" + map + "}").getBytes(UTF_8);
  }

  /// Indexes of shards made by hand, by what is wrong with them.
  static Map<String, byte[]> indexesByHand() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("empty", new byte[0]);
    files.put("no object", latin1("[]"));
    files.put("no map", latin1("{}"));
    files.put("map is null", index("null"));
    files.put("map is an array", index("[\"a\"]"));
    files.put("two maps", index("{},\"weight_map\":{}"));
    files.put("text after the end", latin1("{\"weight_map\":{}}x"));
    files.put("open", latin1("{\"weight_map\":{"));
    files.put("file is a number", index("{\"a\":1}"));
    files.put("file is missing", index("{\"a\":\"none.safetensors\"}"));
    files.put("same name", index("{\"a\":\"1\",\"a\":\"1\"}"));
    files.put("same name, escaped", index("{\"a\":\"1\",\"\\u0061\":\"1\"}"));
    for (String path :
        List.of(
            "",
            ".",
            "..",
            "../x",
            "/etc/passwd",
            "a/b",
            "a/../../b",
            "..\\\\x",
            "C:\\\\x",
            "C:x",
            "\\u0000",
            "a\\u0000b",
            "\\u002e\\u002e/x",
            "\\u002e\\u002e",
            "~/x",
            "file:x",
            "${x}")) {
      files.put("path " + path, index("{\"a\":\"" + path + "\"}"));
    }
    files.put("name of 5000 letters", index("{\"" + "x".repeat(5000) + "\":\"1\"}"));
    files.put("deep metadata", latin1("{\"metadata\":" + "[".repeat(100_000)));
    files.put("metadata without end", latin1("{\"metadata\":{\"a\":[1,{\"b\":null}"));
    files.put("metadata without value", latin1("{\"metadata\":,\"weight_map\":{}}"));
    files.put("300,000 tensors", index("{" + entries(300_000, "\"1\"") + "}"));
    files.put("11,000 files", index("{" + entries(11_000, "\"%s\"") + "}"));
    files.put("33 megabytes", latin1("{\"weight_map\":{}}" + " ".repeat(33 << 20)));
    return files;
  }

  private static String entries(int count, String file) {
    return joined(IntStream.range(0, count).mapToObj(i -> "\"n" + i + "\":" + file.formatted(i)));
  }

  private static String keys(int count) {
    return joined(IntStream.range(0, count).mapToObj("\"k%s\":\"\""::formatted));
  }

  private static String tensors(int count) {
    String fields = "\"dtype\":\"U8\",\"shape\":[0,0,0,0],\"data_offsets\":[0,0]";
    return joined(IntStream.range(0, count).mapToObj(i -> "\"n" + i + "\":{" + fields + "}"));
  }

  private static String joined(Stream<String> parts) {
    return String.join(",", parts.toList());
  }

  /// A sound file with one random change, which may leave it sound.
  static byte[] mutant(byte[] sound, Random random) {
    byte[] bytes = sound.clone();
    int header = Long.BYTES + (bytes[0] & 0xFF) + 256 * bytes[1];
    switch (random.nextInt(6)) {
      case 0 -> bytes[random.nextInt(header)] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[random.nextInt(header)] = (byte) random.nextInt(256);
      case 2 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 3 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(8));
      case 4 -> {
        int from = random.nextInt(header);
        int to = random.nextInt(header);
        int length = Math.min(random.nextInt(40), bytes.length - Math.max(from, to));
        System.arraycopy(sound, from, bytes, to, length);
      }
      default -> bytes[digit(bytes, random, header)] = (byte) ('0' + random.nextInt(10));
    }
    return bytes;
  }

  private static int digit(byte[] bytes, Random random, int header) {
    int at = Long.BYTES + random.nextInt(header - Long.BYTES);
    while (!Character.isDigit(bytes[at])) {
      at = at + 1 < header ? at + 1 : Long.BYTES;
    }
    return at;
  }
}

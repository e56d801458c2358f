package dev.proteus.state;

import dev.proteus.error.StateDictException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The index of a sharded checkpoint: which file each tensor is in.
///
/// @param files file names by names of tensors, in the order of the index
record ShardIndex(SequencedMap<String, String> files) {
  private static final long SIZE_LIMIT = 32 << 20;
  private static final int TENSOR_LIMIT = 1 << 18;
  private static final long NAME_LIMIT = 1 << 12;
  private static final int FILE_LIMIT = 10_000;
  private static final int DEPTH_LIMIT = 32;

  /// Reads an index, believing nothing in it.
  ///
  /// @throws StateDictException if anything is wrong
  static ShardIndex parse(MemorySegment file) {
    if (file.byteSize() > SIZE_LIMIT) {
      throw new StateDictException(
          "safetensors: the index has %s bytes; at most %s are allowed"
              .formatted(file.byteSize(), SIZE_LIMIT));
    }
    JsonText text =
        new JsonText("safetensors: index", file, ThreadLocalRandom.current().nextLong());
    SequencedMap<String, String> files = null;
    text.expect('{');
    if (!text.accept('}')) {
      do {
        text.string(NAME_LIMIT);
        boolean isMap = text.tokenIs("weight_map");
        text.expect(':');
        if (isMap && files != null) {
          throw text.wrong("a second weight_map");
        }
        if (isMap) {
          files = files(text);
        } else {
          text.skipValue(DEPTH_LIMIT);
        }
      } while (text.accept(','));
      text.expect('}');
    }
    if (!text.isAtEnd()) {
      throw text.wrong("text after its end");
    }
    return new ShardIndex(present(files, text));
  }

  private static SequencedMap<String, String> present(
      @Nullable SequencedMap<String, String> files, JsonText text) {
    if (files == null) {
      throw text.wrong("no weight_map");
    }
    return files;
  }

  private static SequencedMap<String, String> files(JsonText text) {
    SequencedMap<String, String> files = new LinkedHashMap<>();
    Map<String, String> known = new LinkedHashMap<>();
    text.expect('{');
    if (text.accept('}')) {
      return files;
    }
    checkCount(text);
    do {
      text.string(NAME_LIMIT);
      String name = text.token();
      text.expect(':');
      text.string(NAME_LIMIT);
      String file = known.computeIfAbsent(text.token(), f -> f);
      if (!isPlain(file)) {
        throw text.wrong(
            "the file '%s', which is not a plain name beside the index"
                .formatted(ZipDirectory.shown(file)));
      }
      if (files.put(name, file) != null) {
        throw text.wrong("a second entry '" + ZipDirectory.shown(name) + "'");
      }
      if (known.size() > FILE_LIMIT) {
        throw text.wrong("more than " + FILE_LIMIT + " files");
      }
    } while (text.accept(','));
    text.expect('}');
    return files;
  }

  /// Looks through the entries before any is kept, and returns to the first.
  private static void checkCount(JsonText text) {
    long first = text.at();
    int count = 0;
    do {
      text.string(NAME_LIMIT);
      text.expect(':');
      text.string(NAME_LIMIT);
      if (++count > TENSOR_LIMIT) {
        throw text.wrong("more than " + TENSOR_LIMIT + " tensors");
      }
    } while (text.accept(','));
    text.expect('}');
    text.at(first);
  }

  /// Whether a name stays in its folder on every system: letters, digits and a few signs, and no
  /// dot in front.
  private static boolean isPlain(String file) {
    return !file.isEmpty()
        && file.charAt(0) != '.'
        && file.chars().allMatch(c -> Character.isLetterOrDigit(c) || "._-+ ()".indexOf(c) >= 0);
  }

  /// The names of the tensors in each file.
  SequencedMap<String, List<String>> byFile() {
    SequencedMap<String, List<String>> names = new LinkedHashMap<>();
    files.forEach((name, file) -> names.computeIfAbsent(file, _ -> new ArrayList<>()).add(name));
    return names;
  }

  /// The index as text.
  ///
  /// @param bytes how many bytes all tensors have
  byte[] write(long bytes) {
    StringBuilder text =
        new StringBuilder("{\n  \"metadata\": {\n    \"total_size\": ")
            .append(bytes)
            .append("\n  },\n  \"weight_map\": {");
    String separator = "\n    ";
    for (Map.Entry<String, String> entry : files.entrySet()) {
      HeaderWriter.quote(text.append(separator), entry.getKey()).append(": ");
      HeaderWriter.quote(text, entry.getValue());
      separator = ",\n    ";
    }
    return text.append("\n  }\n}\n").toString().getBytes(StandardCharsets.UTF_8);
  }
}

package dev.proteus.state;

import dev.proteus.error.StateDictException;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.ThreadLocalRandom;

/// Reads the header of a safetensors file, believing nothing in it.
///
/// The grammar has fixed depth, so there is nothing to nest. Strings, metadata and the number of
/// tensors are bounded; objects are made only when the whole header has been found sound.
final class HeaderParser {
  static final String METADATA = "__metadata__";
  private static final long NAME_LIMIT = 1 << 16;
  private static final long METADATA_LIMIT = 1 << 21;
  private static final int METADATA_ENTRIES = 10_000;
  private static final int AXES_LIMIT = 64;

  private final JsonText text;
  private final long dataSize;
  private final TensorTable table = new TensorTable();
  private final SequencedMap<String, String> metadata = new LinkedHashMap<>();
  private boolean metadataSeen;

  /// A tensor of the file.
  ///
  /// @param begin where its bytes begin in the data
  /// @param size how many there are
  record Entry(String name, DType dtype, Shape shape, long begin, long size) {}

  /// A header that was found sound.
  ///
  /// @param entries the tensors, in the order of the header
  record Header(List<Entry> entries, SequencedMap<String, String> metadata) {}

  private HeaderParser(MemorySegment header, long dataSize) {
    text = new JsonText("safetensors: header", header, ThreadLocalRandom.current().nextLong());
    this.dataSize = dataSize;
  }

  /// Reads the header of `dataSize` bytes of data.
  ///
  /// @throws StateDictException if anything is wrong
  static Header parse(MemorySegment header, long dataSize) {
    return new HeaderParser(header, dataSize).parse();
  }

  private Header parse() {
    if (text.isSpaceNext()) {
      throw text.wrong("space before its '{'");
    }
    text.expect('{');
    if (!text.accept('}')) {
      do {
        entry();
      } while (text.accept(','));
      text.expect('}');
    }
    if (!text.isAtEnd()) {
      throw text.wrong("text after its end");
    }
    table.checkCoverage(text, dataSize);
    return new Header(entries(), metadata);
  }

  private void entry() {
    text.string(NAME_LIMIT);
    if (text.tokenIs(METADATA)) {
      metadata();
    } else {
      table.addName(text);
      tensor();
    }
  }

  private void metadata() {
    if (metadataSeen) {
      throw text.wrong("a second " + METADATA);
    }
    metadataSeen = true;
    text.expect(':');
    text.expect('{');
    if (text.accept('}')) {
      return;
    }
    long limit = text.at() + METADATA_LIMIT;
    do {
      text.string(limit - text.at());
      String key = text.token();
      text.expect(':');
      text.string(limit - text.at());
      if (metadata.put(key, text.token()) != null) {
        throw text.wrong("a second key of " + METADATA);
      }
      if (metadata.size() > METADATA_ENTRIES) {
        throw text.wrong("more than " + METADATA_ENTRIES + " entries of " + METADATA);
      }
    } while (text.accept(','));
    text.expect('}');
  }

  private void tensor() {
    DType dtype = null;
    long shape = -1;
    long begin = -1;
    long end = -1;
    text.expect(':');
    text.expect('{');
    do {
      text.string(NAME_LIMIT);
      if (dtype == null && text.tokenIs("dtype")) {
        text.expect(':');
        dtype = dtype();
      } else if (shape < 0 && text.tokenIs("shape")) {
        text.expect(':');
        shape = text.at();
        passShape(1);
      } else if (begin < 0 && text.tokenIs("data_offsets")) {
        text.expect(':');
        text.expect('[');
        begin = text.number();
        text.expect(',');
        end = text.number();
        text.expect(']');
      } else {
        throw text.wrong("a field that a tensor does not have, or has already");
      }
    } while (text.accept(','));
    text.expect('}');
    if (dtype == null || shape < 0 || begin < 0) {
      throw text.wrong("a tensor without dtype, shape or data_offsets");
    }
    checkSpan(dtype, shape, begin, end);
    table.complete(dtype, shape, begin, end);
  }

  private DType dtype() {
    text.string(NAME_LIMIT);
    for (DType dtype : DType.values()) {
      if (text.tokenIs(ElementNames.of(dtype))) {
        return dtype;
      }
    }
    throw text.wrong(
        "the unknown dtype '"
            + text.shown(text.tokenStart(), text.tokenEnd())
            + "', not one of "
            + ElementNames.all());
  }

  /// Passes a shape and multiplies its sizes to `factor`.
  private long passShape(long factor) {
    long product = factor;
    text.expect('[');
    if (text.accept(']')) {
      return product;
    }
    int axes = 0;
    do {
      long size = text.number();
      if (Math.multiplyHigh(product, size) != 0 || product * size < 0) {
        throw text.wrong("a shape with more bytes than a 64-bit count holds");
      }
      product *= size;
      if (++axes > AXES_LIMIT) {
        throw text.wrong("a shape of more than " + AXES_LIMIT + " axes");
      }
    } while (text.accept(','));
    text.expect(']');
    return product;
  }

  private void checkSpan(DType dtype, long shape, long begin, long end) {
    if (end < begin || end > dataSize) {
      throw text.wrong(
          "data_offsets [%s, %s], which do not lie in the %s bytes of data"
              .formatted(begin, end, dataSize));
    }
    long here = text.at();
    text.at(shape);
    long bytes = passShape(dtype.bytes());
    text.at(here);
    if (bytes != end - begin) {
      throw text.wrong(
          "a tensor whose shape has %s bytes and whose data_offsets span %s"
              .formatted(bytes, end - begin));
    }
  }

  private Shape shapeAt(long position) {
    text.at(position);
    List<Long> sizes = new ArrayList<>();
    text.expect('[');
    if (!text.accept(']')) {
      do {
        sizes.add(text.number());
      } while (text.accept(','));
    }
    return Shape.of(sizes);
  }

  private List<Entry> entries() {
    List<Entry> entries = new ArrayList<>(table.count());
    for (int row = 0; row < table.count(); row++) {
      entries.add(
          new Entry(
              text.decoded(table.nameStart(row), table.nameEnd(row)),
              table.type(row),
              shapeAt(table.shapeStart(row)),
              table.begin(row),
              table.end(row) - table.begin(row)));
    }
    return entries;
  }
}

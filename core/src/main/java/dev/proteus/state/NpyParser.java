package dev.proteus.state;

import dev.proteus.error.StateDictException;
import dev.proteus.state.NpyHeader.Axes;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the header of an npy file, believing nothing in it. Its text is the Python literal of a
/// dict with three keys; no other Python is understood.
final class NpyParser {
  private static final int AXES_LIMIT = 64;
  private static final int WORD_LIMIT = 64;

  private final byte[] text;
  private int at;
  private int end;

  private @Nullable String descr;
  private @Nullable Axes axes;
  private @Nullable List<Long> sizes;

  private NpyParser(byte[] text) {
    this.text = text;
  }

  /// Reads a header.
  ///
  /// @param start the file's first bytes, [NpyHeader#LIMIT] of them if there are so many
  /// @param fileSize bytes of the whole file, which must be those of the header and the elements
  /// @throws StateDictException if anything is wrong
  static NpyHeader parse(byte[] start, long fileSize) {
    return new NpyParser(start).parse(fileSize);
  }

  private NpyHeader parse(long fileSize) {
    frame();
    dict();
    if (descr == null || axes == null || sizes == null) {
      throw wrong("a dict without 'descr', 'fortran_order' or 'shape'");
    }
    DType dtype = dtype(descr);
    long bytes = bytes(sizes, dtype.bytes());
    if (bytes != fileSize - end) {
      throw new StateDictException(
          "npy: %s of shape %s has %s bytes; %s follow the header"
              .formatted(dtype, sizes, bytes, fileSize - end));
    }
    ByteOrder order = descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return new NpyHeader(dtype, order, axes, Shape.of(sizes), end);
  }

  // ---- around the text

  /// Finds where the text begins and ends.
  private void frame() {
    if (text.length < 10 || !NpyHeader.isMagic(text)) {
      throw new StateDictException("npy: the file does not begin as an npy file does");
    }
    int major = text[6];
    if (major < 1 || major > 3 || text[7] != 0) {
      throw new StateDictException(
          "npy: version %s.%s is not known; 1.0, 2.0 and 3.0 are"
              .formatted(text[6] & 0xFF, text[7] & 0xFF));
    }
    at = major == 1 ? 10 : 12;
    long length = little(8, Math.min(at, text.length));
    if (at + length > text.length) {
      throw new StateDictException(
          "npy: the file says its header has %s bytes; there are %s, and %s are allowed"
              .formatted(length, text.length - 8, NpyHeader.LIMIT - at));
    }
    end = at + (int) length;
  }

  private long little(int from, int to) {
    long value = 0;
    for (int i = to - 1; i >= from; i--) {
      value = value << 8 | text[i] & 0xFF;
    }
    return value;
  }

  // ---- the text

  private void dict() {
    expect('{');
    while (!accept('}')) {
      entry();
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skipSpace();
    if (at != end) {
      throw wrong("text after the dict");
    }
  }

  private void entry() {
    String key = word();
    expect(':');
    if (key.equals("descr") && descr == null) {
      descr = descr();
    } else if (key.equals("fortran_order") && axes == null) {
      axes = axes();
    } else if (key.equals("shape") && sizes == null) {
      sizes = sizes();
    } else {
      throw wrong("a key that the dict does not have, or has already: '" + key + "'");
    }
  }

  private String descr() {
    if (accept('[')) {
      throw wrong("an array of named fields, which is no tensor");
    }
    return word();
  }

  private Axes axes() {
    skipSpace();
    if (acceptName("True")) {
      return Axes.FIRST_INNERMOST;
    }
    if (acceptName("False")) {
      return Axes.LAST_INNERMOST;
    }
    throw wrong("True or False is missing");
  }

  private boolean acceptName(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (at + i >= end || text[at + i] != name.charAt(i)) {
        return false;
      }
    }
    at += name.length();
    return true;
  }

  private List<Long> sizes() {
    List<Long> found = new ArrayList<>();
    expect('(');
    boolean comma = true;
    while (!accept(')')) {
      if (!comma) {
        throw wrong("',' or ')' is missing");
      }
      if (found.size() == AXES_LIMIT) {
        throw wrong("a shape of more than " + AXES_LIMIT + " axes");
      }
      found.add(number());
      comma = accept(',');
    }
    if (found.size() == 1 && !comma) {
      throw wrong("a number in parentheses where a tuple is needed");
    }
    return found;
  }

  /// An integer; those of Python 2 may end with `L`.
  private long number() {
    skipSpace();
    int start = at;
    long value = 0;
    for (; at < end && text[at] >= '0' && text[at] <= '9'; at++) {
      int digit = text[at] - '0';
      if (value > (Long.MAX_VALUE - digit) / 10) {
        throw wrong("an integer beyond 2^63 - 1");
      }
      value = value * 10 + digit;
    }
    if (at == start) {
      throw wrong("an integer that is not negative is missing");
    }
    if (text[start] == '0' && at - start > 1) {
      throw wrong("an integer that begins with 0");
    }
    if (at < end && text[at] == 'L') {
      at++;
    }
    return value;
  }

  /// A string of letters and signs, without escapes.
  private String word() {
    skipSpace();
    char quote = at < end ? (char) text[at] : ' ';
    if (quote != '\'' && quote != '"') {
      throw wrong("a string is missing");
    }
    at++;
    StringBuilder word = new StringBuilder();
    for (; at < end && text[at] != quote; at++) {
      if (text[at] < 0x20 || text[at] > 0x7E || text[at] == '\\' || word.length() == WORD_LIMIT) {
        throw wrong("a string that is neither a key nor a type");
      }
      word.append((char) text[at]);
    }
    expect(quote);
    return word.toString();
  }

  private boolean accept(char character) {
    skipSpace();
    if (at < end && text[at] == character) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char character) {
    if (!accept(character)) {
      throw wrong("'" + character + "' is missing");
    }
  }

  private void skipSpace() {
    while (at < end && (text[at] == ' ' || text[at] == '\n')) {
      at++;
    }
  }

  private StateDictException wrong(String what) {
    return new StateDictException("npy: header, byte " + at + ": " + what);
  }

  // ---- what it says

  private static DType dtype(String descr) {
    for (DType dtype : DType.values()) {
      if (dtype != DType.BFLOAT16 && isOf(descr, dtype)) {
        return dtype;
      }
    }
    throw new StateDictException("npy: elements of type '%s': %s".formatted(descr, reason(descr)));
  }

  private static boolean isOf(String descr, DType dtype) {
    boolean ordered = descr.startsWith("<") || descr.startsWith(">");
    return (ordered || dtype.bytes() == 1 && descr.startsWith("|"))
        && descr.substring(1).equals(NpyHeader.kind(dtype));
  }

  private static String reason(String descr) {
    String kind = descr.isEmpty() ? "" : descr.substring(1);
    if (kind.startsWith("O")) {
      return "Python objects are pickled, and nothing pickled is read";
    }
    if (kind.equals("V2")) {
      return "how NumPy writes a bfloat16, whose name it does not know; save it as float32";
    }
    return "not one of f8, f4, f2, i8, i4, i2, i1, u1, b1 after '<', '>' or '|'";
  }

  private long bytes(List<Long> factors, long width) {
    long product = width;
    for (long factor : factors) {
      if (Math.multiplyHigh(product, factor) != 0 || product * factor < 0) {
        throw wrong("a shape with more bytes than a 64-bit count holds");
      }
      product *= factor;
    }
    return product;
  }
}

package dev.proteus.state;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.proteus.error.StateDictException;
import java.lang.foreign.MemorySegment;

/// A cursor over JSON text in UTF-8 that nobody vouches for. It looks at each byte once, copies
/// nothing, and refuses whatever JSON or UTF-8 do not allow.
final class JsonText {
  private static final int LAST_CODE_POINT = 0x10FFFF;

  private final String name;
  private final MemorySegment text;
  private final long end;
  private final long seed;
  private long at;

  private long tokenStart;
  private long tokenEnd;
  private long tokenHash;

  /// @param name what the text is, for messages
  /// @param seed key of the hashes of strings, so that nobody can prepare equal ones
  JsonText(String name, MemorySegment text, long seed) {
    this.name = name;
    this.text = text;
    this.end = text.byteSize();
    this.seed = seed;
  }

  /// The position of the next byte.
  long at() {
    return at;
  }

  /// Goes on from an earlier position.
  void at(long position) {
    at = position;
  }

  StateDictException wrong(String what) {
    return new StateDictException(name + ", byte " + at + ": " + what);
  }

  private int byteHere() {
    if (at == end) {
      throw wrong("it ends too early");
    }
    return text.get(JAVA_BYTE, at) & 0xFF;
  }

  boolean isSpaceNext() {
    if (at == end) {
      return false;
    }
    byte next = text.get(JAVA_BYTE, at);
    return next == ' ' || next == '\n' || next == '\r' || next == '\t';
  }

  private void skipSpace() {
    while (isSpaceNext()) {
      at++;
    }
  }

  /// Whether the next character but space is this one; it is then passed.
  boolean accept(char character) {
    skipSpace();
    if (at < end && text.get(JAVA_BYTE, at) == character) {
      at++;
      return true;
    }
    return false;
  }

  void expect(char character) {
    if (!accept(character)) {
      throw wrong("'" + character + "' is missing");
    }
  }

  /// Whether only space is left.
  boolean isAtEnd() {
    skipSpace();
    return at == end;
  }

  /// Passes an integer that is not negative.
  long number() {
    skipSpace();
    int first = byteHere();
    if (first == '-') {
      throw wrong("a negative number");
    }
    if (!isDigit(first)) {
      throw wrong("an integer is missing");
    }
    long value = 0;
    long start = at;
    for (; at < end && isDigit(text.get(JAVA_BYTE, at)); at++) {
      int digit = text.get(JAVA_BYTE, at) - '0';
      if (value > (Long.MAX_VALUE - digit) / 10) {
        throw wrong("an integer beyond 2^63 - 1");
      }
      value = value * 10 + digit;
    }
    if (first == '0' && at - start > 1) {
      throw wrong("an integer that begins with 0");
    }
    if (at < end && isFraction(text.get(JAVA_BYTE, at))) {
      throw wrong("a number that is no integer");
    }
    return value;
  }

  private static boolean isDigit(int character) {
    return character >= '0' && character <= '9';
  }

  private static boolean isFraction(int character) {
    return character == '.' || character == 'e' || character == 'E';
  }

  /// Passes a value of any kind, nested at most so deep.
  void skipValue(int depth) {
    skipSpace();
    int first = byteHere();
    if (first == '"') {
      string(end);
    } else if (first == '{' || first == '[') {
      if (depth == 0) {
        throw wrong("values that are nested too deep");
      }
      at++;
      skipEntries(first == '{' ? '}' : ']', depth - 1);
    } else {
      skipPlain();
    }
  }

  private void skipEntries(char close, int depth) {
    if (accept(close)) {
      return;
    }
    do {
      if (close == '}') {
        string(end);
        expect(':');
      }
      skipValue(depth);
    } while (accept(','));
    expect(close);
  }

  /// Passes a number, `true`, `false` or `null`; what exactly its letters are makes no difference.
  private void skipPlain() {
    long start = at;
    while (at < end && isPlain(text.get(JAVA_BYTE, at))) {
      at++;
    }
    if (at == start) {
      throw wrong("a value is missing");
    }
  }

  private static boolean isPlain(byte character) {
    return isDigit(character)
        || character >= 'a' && character <= 'z'
        || character == '-'
        || character == '+'
        || character == '.'
        || character == 'E';
  }

  /// Passes a string of at most `limit` bytes; the methods about the token speak of it then.
  void string(long limit) {
    expect('"');
    tokenStart = at;
    long hash = seed;
    while (byteHere() != '"') {
      if (at - tokenStart >= limit) {
        throw wrong("a string that is too long");
      }
      hash = (hash ^ codePoint()) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    tokenEnd = at;
    tokenHash = hash;
    at++;
  }

  long tokenStart() {
    return tokenStart;
  }

  long tokenEnd() {
    return tokenEnd;
  }

  /// Equal for strings of equal characters, however they are written.
  long tokenHash() {
    return tokenHash;
  }

  /// Whether the string is this word, written without escapes.
  boolean tokenIs(String word) {
    if (tokenEnd - tokenStart != word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (text.get(JAVA_BYTE, tokenStart + i) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  String token() {
    return decoded(tokenStart, tokenEnd);
  }

  /// The string between two positions of an earlier token.
  String decoded(long from, long to) {
    long here = at;
    at = from;
    StringBuilder decoded = new StringBuilder((int) (to - from));
    while (at < to) {
      decoded.appendCodePoint(codePoint());
    }
    at = here;
    return decoded.toString();
  }

  /// The same for a message: not more than a line of it.
  String shown(long from, long to) {
    String whole = decoded(from, Math.min(to, from + 1024));
    return whole.length() <= 80 ? whole : whole.substring(0, 77) + "...";
  }

  private int codePoint() {
    int first = byteHere();
    if (first < 0x20) {
      throw wrong("a control character in a string");
    }
    at++;
    if (first == '\\') {
      return escaped();
    }
    return first < 0x80 ? first : multiByte(first);
  }

  private int multiByte(int first) {
    int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    int value = first & (0x3F >> more);
    int least = more == 1 ? 0x80 : more == 2 ? 0x800 : 0x10000;
    if (first < 0xC0 || first > 0xF7) {
      throw notUtf8();
    }
    for (int i = 0; i < more; i++) {
      int next = byteHere();
      if ((next & 0xC0) != 0x80) {
        throw notUtf8();
      }
      value = value << 6 | next & 0x3F;
      at++;
    }
    if (value < least || value > LAST_CODE_POINT || isSurrogate(value)) {
      throw notUtf8();
    }
    return value;
  }

  private StateDictException notUtf8() {
    return wrong("bytes that are not UTF-8");
  }

  private static boolean isSurrogate(int value) {
    return value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE;
  }

  private int escaped() {
    int kind = byteHere();
    at++;
    return switch (kind) {
      case '"', '\\', '/' -> kind;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw wrong("an unknown escape");
    };
  }

  private int unicode() {
    int unit = hex4();
    if (!isSurrogate(unit)) {
      return unit;
    }
    if (Character.isHighSurrogate((char) unit) && byteHere() == '\\') {
      at++;
      if (byteHere() == 'u') {
        at++;
        int low = hex4();
        if (Character.isLowSurrogate((char) low)) {
          return Character.toCodePoint((char) unit, (char) low);
        }
      }
    }
    throw wrong("half of a surrogate pair");
  }

  private int hex4() {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(byteHere(), 16);
      if (digit < 0) {
        throw wrong("an escape that is not hexadecimal");
      }
      value = value << 4 | digit;
      at++;
    }
    return value;
  }
}

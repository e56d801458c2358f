package dev.proteus.state;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.proteus.error.StateDictException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads the directory of a zip archive, believing nothing in it. Archives of more than 4 GiB
/// (zip64) are understood; several disks and encryption are not.
///
/// The archive must be nothing but an archive: the directory ends where its end record begins, and
/// members lie before it without overlap. So no byte is read for two members, which is how small
/// archives pretend to be large.
final class ZipDirectory {
  private static final int MEMBER_LIMIT = TensorTable.LIMIT;
  private static final long SIZE_LIMIT = 8 << 20;

  private static final int END = 0x06054b50;
  private static final int END_SIZE = 22;
  private static final int END64 = 0x06064b50;
  private static final int END64_SIZE = 56;
  private static final int LOCATOR = 0x07064b50;
  private static final int LOCATOR_SIZE = 20;
  private static final int ENTRY = 0x02014b50;
  private static final int ENTRY_SIZE = 46;
  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_SIZE = 30;

  private static final int ENCRYPTED = 1 | 1 << 6 | 1 << 13;
  private static final int UTF8 = 1 << 11;
  private static final int SIZES_EXTRA = 1;
  private static final int IN_EXTRA_16 = 0xFFFF;
  private static final long IN_EXTRA = 0xFFFFFFFFL;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment archive;

  private ZipDirectory(MemorySegment archive) {
    this.archive = archive;
  }

  /// A file in the archive.
  ///
  /// @param name its path
  /// @param packing how its bytes are kept
  /// @param checksum the CRC-32 of its bytes
  /// @param header where what is said of it again begins, right before the packed bytes
  /// @param start where its packed bytes begin
  /// @param packed how many these are
  /// @param size how many bytes it has
  record Member(
      String name,
      Packing packing,
      long checksum,
      long header,
      long start,
      long packed,
      long size) {
    long end() {
      return start + packed;
    }
  }

  /// How the bytes of a member are kept.
  enum Packing {
    STORED,
    DEFLATED
  }

  /// Where the directory lies.
  private record Span(long start, long size, long members) {
    long end() {
      return start + size;
    }
  }

  /// The members of an archive in the order of its directory.
  ///
  /// @throws StateDictException if anything is wrong
  static List<Member> read(MemorySegment archive) {
    return new ZipDirectory(archive).read();
  }

  private List<Member> read() {
    Span span = directory();
    List<Member> members = new ArrayList<>((int) span.members());
    Set<String> names = new HashSet<>();
    long at = span.start();
    for (long i = 0; i < span.members(); i++) {
      check(at, ENTRY_SIZE, ENTRY, "an entry of its directory");
      long size = (long) ENTRY_SIZE + u16(at + 28) + u16(at + 30) + u16(at + 32);
      if (size > span.end() - at) {
        throw wrong("an entry of its directory leaves the directory");
      }
      Member member = member(at, span.start());
      if (!names.add(member.name())) {
        throw wrong("a second member '" + shown(member.name()) + "'");
      }
      members.add(member);
      at += size;
    }
    if (at != span.end()) {
      throw wrong("its directory has more than its " + span.members() + " entries");
    }
    checkApart(members);
    return members;
  }

  // ---- the end records

  private Span directory() {
    long end = end();
    if (u16(end + 4) != 0 && u16(end + 4) != IN_EXTRA_16) {
      throw wrong("a part of several");
    }
    Span span = new Span(u32(end + 16), u32(end + 12), u16(end + 10));
    long behind = end;
    if (hasLocator(end)) {
      behind = i64(end - LOCATOR_SIZE + 8);
      check(behind, END64_SIZE, END64, "its zip64 record");
      if (i64(behind + 4) != end - LOCATOR_SIZE - behind - 12) {
        throw wrong("its zip64 record does not end where the locator begins");
      }
      span = new Span(i64(behind + 48), i64(behind + 40), i64(behind + 32));
    }
    if (span.members() < 0 || span.members() > MEMBER_LIMIT) {
      throw wrong("more than " + MEMBER_LIMIT + " members");
    }
    if (span.size() < 0 || span.size() > SIZE_LIMIT || span.size() / ENTRY_SIZE < span.members()) {
      throw wrong(
          "a directory of %s bytes for %s members; at most %s bytes are allowed"
              .formatted(span.size(), span.members(), SIZE_LIMIT));
    }
    if (span.start() < 0 || span.start() != behind - span.size()) {
      throw wrong("its directory does not end where its end record begins");
    }
    return span;
  }

  /// Where the end record is: the last one whose comment ends with the file.
  private long end() {
    long last = archive.byteSize() - END_SIZE;
    for (long at = last; at >= Math.max(0, last - 0xFFFF); at--) {
      if (archive.get(INT, at) == END && u16(at + 20) == last - at) {
        return at;
      }
    }
    throw wrong("no end record; it is cut off, or no zip archive");
  }

  private boolean hasLocator(long end) {
    return end >= LOCATOR_SIZE && archive.get(INT, end - LOCATOR_SIZE) == LOCATOR;
  }

  // ---- the entries

  private Member member(long at, long limit) {
    int flags = u16(at + 8);
    if ((flags & ENCRYPTED) != 0) {
      throw wrong("an encrypted member");
    }
    int nameSize = u16(at + 28);
    String name = name(at + ENTRY_SIZE, nameSize, flags);
    long size = u32(at + 24);
    long packed = u32(at + 20);
    long header = u32(at + 42);
    if (size == IN_EXTRA || packed == IN_EXTRA || header == IN_EXTRA) {
      long extra = extra(at + ENTRY_SIZE + nameSize, u16(at + 30), name);
      long extraEnd = extra + 4 + u16(extra + 2);
      extra += 4;
      if (size == IN_EXTRA) {
        size = extraLong(extra, extraEnd, name);
        extra += Long.BYTES;
      }
      if (packed == IN_EXTRA) {
        packed = extraLong(extra, extraEnd, name);
        extra += Long.BYTES;
      }
      if (header == IN_EXTRA) {
        header = extraLong(extra, extraEnd, name);
      }
    }
    long start = start(header, at + ENTRY_SIZE, nameSize, limit, name);
    if (packed < 0 || packed > limit - start || size < 0) {
      throw wrong("member '%s' leaves the archive".formatted(shown(name)));
    }
    Packing packing = packing(u16(at + 10), name);
    if (packing == Packing.STORED && size != packed) {
      throw wrong("member '%s' is stored, in %s bytes of %s".formatted(shown(name), packed, size));
    }
    return new Member(name, packing, u32(at + 16), header, start, packed, size);
  }

  /// Where the part of the extra field that has the large sizes begins.
  private long extra(long from, int size, String name) {
    long end = from + size;
    for (long at = from; at + 4 <= end; at += 4 + u16(at + 2)) {
      if (u16(at) == SIZES_EXTRA && at + 4 + u16(at + 2) <= end) {
        return at;
      }
    }
    throw wrong("member '%s' does not have the sizes it speaks of".formatted(shown(name)));
  }

  private long extraLong(long at, long end, String name) {
    if (at + Long.BYTES > end) {
      throw wrong("member '%s' does not have the sizes it speaks of".formatted(shown(name)));
    }
    return i64(at);
  }

  /// Where a member's bytes begin, behind a header that must be of the same name.
  private long start(long header, long nameAt, int nameSize, long limit, String name) {
    check(header, LOCAL_SIZE, LOCAL, "the header of '" + shown(name) + "'");
    long start = header + LOCAL_SIZE + u16(header + 26) + u16(header + 28);
    long there = header + LOCAL_SIZE;
    if (start > limit
        || u16(header + 26) != nameSize
        || archive.asSlice(there, nameSize).mismatch(archive.asSlice(nameAt, nameSize)) >= 0) {
      throw wrong("member '%s' has another header".formatted(shown(name)));
    }
    return start;
  }

  private static Packing packing(int method, String name) {
    return switch (method) {
      case 0 -> Packing.STORED;
      case 8 -> Packing.DEFLATED;
      default ->
          throw wrong(
              "member '%s' is packed by method %s; 0, stored, and 8, deflated, are read"
                  .formatted(shown(name), method));
    };
  }

  private String name(long at, int size, int flags) {
    Charset charset = (flags & UTF8) != 0 ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII;
    try {
      ByteBuffer bytes = ByteBuffer.wrap(archive.asSlice(at, size).toArray(JAVA_BYTE));
      return charset.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException _) {
      throw wrong("the name of a member is not " + charset);
    }
  }

  private static void checkApart(List<Member> members) {
    List<Member> sorted =
        members.stream().sorted(Comparator.comparingLong(Member::header)).toList();
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).header() < sorted.get(i - 1).end()) {
        throw wrong(
            "members '%s' and '%s' overlap"
                .formatted(shown(sorted.get(i - 1).name()), shown(sorted.get(i).name())));
      }
    }
  }

  // ---- numbers

  private void check(long at, int size, int magic, String what) {
    if (at < 0 || at > archive.byteSize() - size || archive.get(INT, at) != magic) {
      throw wrong(what + " is not where it should be");
    }
  }

  private int u16(long at) {
    return Short.toUnsignedInt(archive.get(SHORT, at));
  }

  private long u32(long at) {
    return Integer.toUnsignedLong(archive.get(INT, at));
  }

  private long i64(long at) {
    return archive.get(LONG, at);
  }

  /// Not more of a name than a line.
  static String shown(String name) {
    return name.length() <= 80 ? name : name.substring(0, 77) + "...";
  }

  private static StateDictException wrong(String what) {
    return new StateDictException("npz: the archive: " + what);
  }
}

package dev.proteus.state;

import dev.proteus.error.StateDictException;
import dev.proteus.type.DType;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// The entries of a header while nobody vouches for them: a few numbers each, in columns, so that a
/// hostile header costs little memory however long its names are. Names and shapes stay in the text
/// and are known by where they begin.
final class TensorTable {
  /// More tensors than any single file is known to have.
  static final int LIMIT = 1 << 16;

  private int count;
  private int[] nameStart = new int[64];
  private int[] nameEnd = new int[64];
  private int[] shapeStart = new int[64];
  private DType[] type = new DType[64];
  private long[] begin = new long[64];
  private long[] end = new long[64];
  private long[] hash = new long[64];

  /// Rows by hash, plus one; twice as many places as rows at least.
  private int[] byHash = new int[256];

  int count() {
    return count;
  }

  long nameStart(int row) {
    return nameStart[row];
  }

  long nameEnd(int row) {
    return nameEnd[row];
  }

  long shapeStart(int row) {
    return shapeStart[row];
  }

  DType type(int row) {
    return type[row];
  }

  long begin(int row) {
    return begin[row];
  }

  long end(int row) {
    return end[row];
  }

  /// Adds a row for the name in `text`'s token.
  ///
  /// @throws StateDictException if the name is there already, or too many are
  void addName(JsonText text) {
    if (count == LIMIT) {
      throw text.wrong("more than " + LIMIT + " tensors");
    }
    if (count == hash.length) {
      grow();
    }
    nameStart[count] = (int) text.tokenStart();
    nameEnd[count] = (int) text.tokenEnd();
    hash[count] = text.tokenHash();
    int place = place(hash[count]);
    if (byHash[place] != 0) {
      throw text.wrong("a second entry '" + text.shown(nameStart[count], nameEnd[count]) + "'");
    }
    byHash[place] = ++count;
  }

  /// Completes the latest row.
  void complete(DType dtype, long shapePosition, long from, long to) {
    int row = count - 1;
    type[row] = dtype;
    shapeStart[row] = (int) shapePosition;
    begin[row] = from;
    end[row] = to;
  }

  /// Where this hash is, or may be put: two names with one 64-bit hash of a secret seed are the
  /// same name.
  private int place(long wanted) {
    int mask = byHash.length - 1;
    int place = (int) (wanted >>> 32) & mask;
    while (byHash[place] != 0 && hash[byHash[place] - 1] != wanted) {
      place = place + 1 & mask;
    }
    return place;
  }

  private void grow() {
    int size = Math.min(LIMIT, 2 * count);
    nameStart = Arrays.copyOf(nameStart, size);
    nameEnd = Arrays.copyOf(nameEnd, size);
    shapeStart = Arrays.copyOf(shapeStart, size);
    type = Arrays.copyOf(type, size);
    begin = Arrays.copyOf(begin, size);
    end = Arrays.copyOf(end, size);
    hash = Arrays.copyOf(hash, size);
    byHash = new int[4 * Integer.highestOneBit(size)];
    for (int row = 0; row < count; row++) {
      byHash[place(hash[row])] = row + 1;
    }
  }

  /// @throws StateDictException unless the tensors cover `size` bytes without gap or overlap
  void checkCoverage(JsonText text, long size) {
    List<Integer> rows =
        IntStream.range(0, count)
            .boxed()
            .sorted(Comparator.comparingLong(this::begin).thenComparingLong(this::end))
            .toList();
    long covered = 0;
    for (int row : rows) {
      if (begin[row] != covered) {
        throw new StateDictException(
            "safetensors: the tensor '%s' begins at byte %s of the data; %s before it end at %s"
                .formatted(
                    text.shown(nameStart[row], nameEnd[row]),
                    begin[row],
                    begin[row] < covered ? "it overlaps those that" : "there is a gap, those",
                    covered));
      }
      covered = end[row];
    }
    if (covered != size) {
      throw new StateDictException(
          "safetensors: the tensors cover %s bytes of data, the file has %s"
              .formatted(covered, size));
    }
  }
}

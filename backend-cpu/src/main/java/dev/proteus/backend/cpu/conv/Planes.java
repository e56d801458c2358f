package dev.proteus.backend.cpu.conv;

import dev.proteus.backend.cpu.memory.Volume;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.backend.cpu.vector.Tiles;
import java.util.List;

/// The layout of padded images on the heap, in which each element of a window is a fixed distance
/// from its window's place.
///
/// With a stride, elements that the same tap of neighbouring windows reads lie `stride` apart;
/// planes keep each residue of the stride apart from the others, so that they become neighbours.
///
/// @param depth D
/// @param row H
/// @param column W
record Planes(Axis depth, Axis row, Axis column) {
  /// One axis: plane index q of phase p stands for element `p + step·q − padding`.
  ///
  /// @param size elements of the operand
  /// @param step elements from one plane index to the next
  /// @param padding zeros before the first element
  /// @param length plane indices
  /// @param phases the residues that some tap reads
  record Axis(int size, int step, int padding, int length, List<Integer> phases) {
    /// The first plane index from `from` on, counted from there, that is an element.
    private int first(int phase, int from) {
      return Math.clamp(Math.ceilDiv(padding - phase, step) - from, 0, length);
    }

    /// The plane index after the last that is an element.
    private int end(int phase, int from) {
      return Math.clamp(Math.floorDiv(size - 1 + padding - phase, step) - from + 1, 0, length);
    }

    private int element(int phase, int index) {
      return phase + step * index - padding;
    }
  }

  /// Where the elements lie that one tap reads, along one axis.
  ///
  /// @param phase index in [Axis#phases()]
  /// @param shift plane indices from the window's place
  record Tap(int phase, int shift) {}

  private int plane() {
    return depth.length() * row.length() * column.length();
  }

  /// Elements of a channel.
  int channel() {
    return depth.phases().size() * row.phases().size() * column.phases().size() * plane();
  }

  /// Elements from the place of a window to what a tap reads there, in the window's channel.
  int offset(Tap d, Tap h, Tap w) {
    int phase = (d.phase() * row.phases().size() + h.phase()) * column.phases().size() + w.phase();
    return phase * plane() + place(d.shift(), h.shift(), w.shift());
  }

  /// Elements from the start of a plane to a place.
  int place(int d, int h, int w) {
    return (d * row.length() + h) * column.length() + w;
  }

  /// Elements from the place of a window to each of its elements, in the order of the kernel.
  int[] offsets(AxisPlan.Part d, AxisPlan.Part h, AxisPlan.Part w) {
    int[] offsets = new int[d.taps().size() * h.taps().size() * w.taps().size()];
    int at = 0;
    for (AxisPlan.Read alongDepth : d.taps()) {
      for (AxisPlan.Read alongRow : h.taps()) {
        for (AxisPlan.Read alongColumn : w.taps()) {
          offsets[at++] = offset(alongDepth.tap(), alongRow.tap(), alongColumn.tap());
        }
      }
    }
    return offsets;
  }

  /// Copies channels of an image, from plane indices `fromDepth`, `fromRow` and `fromColumn` on;
  /// what lies outside the image is 0.
  <B> void fill(
      Tiles<B> tiles,
      Volume x,
      int channels,
      int fromDepth,
      int fromRow,
      int fromColumn,
      B to,
      int start) {
    int at = start;
    for (int c = 0; c < channels; c++) {
      for (int d : depth.phases()) {
        for (int h : row.phases()) {
          for (int w : column.phases()) {
            Phases phases = new Phases(d, h, w, fromDepth, fromRow, fromColumn);
            if (!isInside(phases)) {
              tiles.fill(to, at, plane(), 0);
            }
            copy(tiles, x, c, phases, to, at, Direction.TO_PLANES);
            at += plane();
          }
        }
      }
    }
  }

  /// Fills the planes of one channel of an image; what lies outside the image becomes `outside`.
  <B> void fill(Tiles<B> tiles, Volume x, double outside, B to) {
    tiles.fill(to, 0, channel(), outside);
    channel(tiles, x, to, Direction.TO_PLANES);
  }

  /// Writes the planes of one channel back to the image.
  <B> void drain(Tiles<B> tiles, B from, Volume x) {
    channel(tiles, x, from, Direction.TO_IMAGE);
  }

  private <B> void channel(Tiles<B> tiles, Volume x, B values, Direction direction) {
    int at = 0;
    for (int d : depth.phases()) {
      for (int h : row.phases()) {
        for (int w : column.phases()) {
          copy(tiles, x, 0, new Phases(d, h, w, 0, 0, 0), values, at, direction);
          at += plane();
        }
      }
    }
  }

  private enum Direction {
    TO_PLANES,
    TO_IMAGE
  }

  /// Which plane is filled, and from where.
  private record Phases(int d, int h, int w, int fromDepth, int fromRow, int fromColumn) {}

  private boolean isInside(Phases p) {
    return depth.first(p.d, p.fromDepth) == 0
        && depth.end(p.d, p.fromDepth) == depth.length()
        && row.first(p.h, p.fromRow) == 0
        && row.end(p.h, p.fromRow) == row.length()
        && column.first(p.w, p.fromColumn) == 0
        && column.end(p.w, p.fromColumn) == column.length();
  }

  /// Copies what a plane shares with the image, one way or the other.
  private <B> void copy(
      Tiles<B> tiles, Volume x, int c, Phases p, B values, int at, Direction direction) {
    int firstRow = row.first(p.h, p.fromRow);
    int rows = row.end(p.h, p.fromRow) - firstRow;
    int firstColumn = column.first(p.w, p.fromColumn);
    int columns = column.end(p.w, p.fromColumn) - firstColumn;
    if (rows <= 0 || columns <= 0) {
      return;
    }
    int h = row.element(p.h, p.fromRow + firstRow);
    int w = column.element(p.w, p.fromColumn + firstColumn);
    for (int i = depth.first(p.d, p.fromDepth); i < depth.end(p.d, p.fromDepth); i++) {
      int d = depth.element(p.d, p.fromDepth + i);
      NativeMatrix matrix = x.at(c, d, h, w, x.row() * row.step(), x.column() * column.step());
      int place = at + place(i, firstRow, firstColumn);
      switch (direction) {
        case TO_PLANES -> tiles.load(matrix, 0, 0, rows, columns, values, place, column.length());
        case TO_IMAGE -> tiles.store(values, place, column.length(), rows, columns, matrix, 0, 0);
      }
    }
  }
}

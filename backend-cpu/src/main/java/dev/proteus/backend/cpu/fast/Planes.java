package dev.proteus.backend.cpu.fast;

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

  /// Copies channels of an image, from plane indices `fromDepth`, `fromRow` and `fromColumn` on.
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
            fillPlane(tiles, x, c, new Phases(d, h, w, fromDepth, fromRow, fromColumn), to, at);
            at += plane();
          }
        }
      }
    }
  }

  /// Which plane is filled, and from where.
  private record Phases(int d, int h, int w, int fromDepth, int fromRow, int fromColumn) {}

  private <B> void fillPlane(Tiles<B> tiles, Volume x, int c, Phases p, B to, int at) {
    int firstDepth = depth.first(p.d, p.fromDepth);
    int endDepth = depth.end(p.d, p.fromDepth);
    int firstRow = row.first(p.h, p.fromRow);
    int rows = row.end(p.h, p.fromRow) - firstRow;
    int firstColumn = column.first(p.w, p.fromColumn);
    int columns = column.end(p.w, p.fromColumn) - firstColumn;
    if ((long) Math.max(0, endDepth - firstDepth) * rows * columns < plane()) {
      tiles.fill(to, at, plane(), 0);
    }
    if (rows <= 0 || columns <= 0) {
      return;
    }
    int h = row.element(p.h, p.fromRow + firstRow);
    int w = column.element(p.w, p.fromColumn + firstColumn);
    for (int i = firstDepth; i < endDepth; i++) {
      int d = depth.element(p.d, p.fromDepth + i);
      tiles.load(
          x.at(c, d, h, w, x.row() * row.step(), x.column() * column.step()),
          0,
          0,
          rows,
          columns,
          to,
          at + place(i, firstRow, firstColumn),
          column.length());
    }
  }
}

package dev.proteus.backend.cpu.conv;

import dev.proteus.backend.cpu.memory.Volume;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.backend.cpu.vector.Tiles;

/// The places of results in planes, as columns of a product.
///
/// A span runs from the first to the last place of one slice of an image, including the plane
/// indices between rows that are no places: what is computed there is thrown away. Each span begins
/// with a panel of its own.
///
/// @param width columns of a panel
/// @param planes the planes
/// @param size elements from the planes of one image to those of the next
/// @param images number of images
/// @param out where results go: the first image and channel
/// @param first the first place in `out`
/// @param step distances between places in `out`
/// @param count numbers of places in an image
record Spans(
    int width,
    Planes planes,
    int size,
    int images,
    Volume out,
    Place first,
    Place step,
    Place count) {
  /// Three numbers along D, H and W.
  record Place(int d, int h, int w) {}

  private int length() {
    return count.h == 0 || count.w == 0 ? 0 : planes.place(0, count.h - 1, count.w);
  }

  private int panelsOfSpan() {
    return Math.ceilDiv(length(), width);
  }

  /// Number of panels.
  int panels() {
    return images * count.d * panelsOfSpan();
  }

  /// Where the first column of a panel lies in the planes.
  int start(int panel) {
    int span = panel / panelsOfSpan();
    int slice = planes.place(span % count.d, 0, 0);
    return span / count.d * size + slice + panel % panelsOfSpan() * width;
  }

  /// Writes the sums of some panels and rows to where they belong.
  <B> void store(Tiles<B> tiles, B sums, int pitch, int panel, int panels, int firstRow, int rows) {
    int firstSpan = panel / panelsOfSpan();
    int lastSpan = (panel + panels - 1) / panelsOfSpan();
    for (int span = firstSpan; span <= lastSpan; span++) {
      int column = (span * panelsOfSpan() - panel) * width;
      for (int h = 0; h < count.h; h++) {
        int at = column + planes.place(0, h, 0);
        int from = Math.max(0, at);
        int to = Math.min(panels * width, at + count.w);
        if (from < to) {
          NativeMatrix row = row(span, h, from - at);
          tiles.store(sums, from, pitch, rows, to - from, row, firstRow, 0);
        }
      }
    }
  }

  /// Channels by places of one row, from place `w` on.
  private NativeMatrix row(int span, int h, int w) {
    return out.from(span / count.d, 0)
        .at(
            0,
            first.d + span % count.d * step.d,
            first.h + h * step.h,
            first.w + w * step.w,
            out.channel(),
            out.column() * step.w);
  }
}

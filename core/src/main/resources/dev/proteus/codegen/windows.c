/* The right operand of a convolution: row (channel, offset in the window), column (place of the
   window). */
DEVICE VALUE right_at(GLOBAL const ELEMENT* right, idx base, idx k, idx j, words a) {
  const idx offsets = OFFSETS(0) * OFFSETS(1) * OFFSETS(2);
  return in_window(right, base, k / offsets, j, k % offsets, a);
}

#if CHUNKS
/* One offset of one channel for a panel of columns, row of windows by row. */
DEVICE GLOBAL VALUE* pack_offset(
    GLOBAL const ELEMENT* plane, GLOBAL VALUE* own, idx first, idx width, idx oz, idx oy, idx ox, words a) {
  idx x = first % PLACES(2);
  idx y = first / PLACES(2) % PLACES(1);
  idx z = first / PLACES(2) / PLACES(1);
  for (idx j = 0; j < width; ) {
    const idx rest = PLACES(2) - x;
    const idx length = rest < width - j ? rest : width - j;
    const idx row = POSITION(1, y, oy);
    const idx layer = POSITION(0, z, oz);
    if (row < 0 || layer < 0) {
      zeros(own + j, 1, length);
    } else {
      window_row(
          plane + (layer * PLANE(1) + row) * PLANE(2), own + j, 1, x, ox, length, a);
    }
    j += length;
    x = 0;
    if (++y == PLACES(1)) {
      y = 0;
      z++;
    }
  }
  zeros(own + width, 1, NR - width);
  return own + NR;
}

/* Columns from `first` on: NR values for each k, zero beyond `width`. */
DEVICE void pack(
    GLOBAL const ELEMENT* right, idx base, GLOBAL VALUE* own, idx first, idx width, words a) {
  const idx channels = SIZE_K / (OFFSETS(0) * OFFSETS(1) * OFFSETS(2));
  for (idx c = 0; c < channels; c++) {
    GLOBAL const ELEMENT* plane = right + base + c * VOLUME;
    for (idx oz = 0; oz < OFFSETS(0); oz++) {
      for (idx oy = 0; oy < OFFSETS(1); oy++) {
        for (idx ox = 0; ox < OFFSETS(2); ox++) {
          own = pack_offset(plane, own, first, width, oz, oy, ox, a);
        }
      }
    }
  }
}
#endif

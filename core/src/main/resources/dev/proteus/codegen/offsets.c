/* The right operand of the gradient for a convolution's weight: row (place of the window), column
   (channel, offset in the window). */
DEVICE VALUE right_at(GLOBAL const ELEMENT* right, idx base, idx k, idx j, words a) {
  const idx offsets = OFFSETS(0) * OFFSETS(1) * OFFSETS(2);
  return in_window(right, base, j / offsets, k, j % offsets, a);
}

#if CHUNKS
#define ROW_PART(axis, place) (i32) ((place) * STRIDE(axis) - PADDING(axis))

/* Columns from `first` on: NR values for each k, zero beyond `width`. */
DEVICE void pack(
    GLOBAL const ELEMENT* right, idx base, GLOBAL VALUE* own, idx first, idx width, words a) {
  columns all;
  measure(&all, a);
  for (i32 u = 0; u < NR; u++) {
    const idx x = first + u;
    const idx y = x / OFFSETS(2);
    const idx z = y / OFFSETS(1);
    all.x[u] = u < width ? (i32) (x % OFFSETS(2) * DILATION(2)) : NOWHERE;
    all.y[u] = (i32) (y % OFFSETS(1) * DILATION(1));
    all.z[u] = (i32) (z % OFFSETS(0) * DILATION(0));
    all.plane[u] = (i32) (z / OFFSETS(0) * VOLUME);
  }
  for (idx z = 0; z < PLACES(0); z++) {
    for (idx y = 0; y < PLACES(1); y++) {
      for (idx x = 0; x < PLACES(2); x++) {
        gather(right + base, own, &all, ROW_PART(0, z), ROW_PART(1, y), ROW_PART(2, x));
        own += NR;
      }
    }
  }
}
#endif

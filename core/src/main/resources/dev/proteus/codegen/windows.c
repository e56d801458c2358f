/* The right operand of a convolution: row (channel, offset in the window), column (place of the
   window). */
DEVICE VALUE right_at(GLOBAL const ELEMENT* right, idx base, idx k, idx j, words a) {
  const idx offsets = OFFSETS(0) * OFFSETS(1) * OFFSETS(2);
  return in_window(right, base, k / offsets, j, k % offsets, a);
}

#if CHUNKS
#if SPREAD
#define OWN_PART(axis, place) (i32) ((place) + PADDING(axis))
#define ROW_PART(axis, offset) (i32) (-(offset) * DILATION(axis))
#else
#define OWN_PART(axis, place) (i32) ((place) * STRIDE(axis) - PADDING(axis))
#define ROW_PART(axis, offset) (i32) ((offset) * DILATION(axis))
#endif

/* Columns from `first` on: NR values for each k, zero beyond `width`. */
DEVICE void pack(
    GLOBAL const ELEMENT* right, idx base, GLOBAL VALUE* own, idx first, idx width, words a) {
  columns all;
  measure(&all, a);
  for (i32 u = 0; u < NR; u++) {
    const idx place = first + u;
    all.plane[u] = 0;
    all.x[u] = u < width ? OWN_PART(2, place % PLACES(2)) : NOWHERE;
    all.y[u] = OWN_PART(1, place / PLACES(2) % PLACES(1));
    all.z[u] = OWN_PART(0, place / PLACES(2) / PLACES(1));
  }
  const idx channels = SIZE_K / (OFFSETS(0) * OFFSETS(1) * OFFSETS(2));
  for (idx c = 0; c < channels; c++) {
    GLOBAL const ELEMENT* plane = right + base + c * VOLUME;
    for (idx z = 0; z < OFFSETS(0); z++) {
      for (idx y = 0; y < OFFSETS(1); y++) {
        for (idx x = 0; x < OFFSETS(2); x++) {
          gather(plane, own, &all, ROW_PART(0, z), ROW_PART(1, y), ROW_PART(2, x));
          own += NR;
        }
      }
    }
  }
}
#endif

/* The right operand of the gradient for a convolution's weight: row (place of the window), column
   (channel, offset in the window). */
DEVICE VALUE right_at(GLOBAL const ELEMENT* right, idx base, idx k, idx j, words a) {
  const idx offsets = OFFSETS(0) * OFFSETS(1) * OFFSETS(2);
  return in_window(right, base, j / offsets, k, j % offsets, a);
}

#if CHUNKS
/* Columns from `first` on: NR values for each k, zero beyond `width`. */
DEVICE void pack(
    GLOBAL const ELEMENT* right, idx base, GLOBAL VALUE* own, idx first, idx width, words a) {
  const idx offsets = OFFSETS(0) * OFFSETS(1) * OFFSETS(2);
  for (idx row = 0; row < PLACES(0) * PLACES(1); row++) {
    for (idx j = 0; j < width; j++) {
      const idx offset = (first + j) % offsets;
      const idx y = POSITION(1, row % PLACES(1), offset / OFFSETS(2) % OFFSETS(1));
      const idx z = POSITION(0, row / PLACES(1), offset / OFFSETS(2) / OFFSETS(1));
      GLOBAL VALUE* to = own + row * PLACES(2) * NR + j;
      if (y < 0 || z < 0) {
        zeros(to, NR, PLACES(2));
      } else {
        const idx at = (((first + j) / offsets * PLANE(0) + z) * PLANE(1) + y) * PLANE(2);
        window_row(right + base + at, to, NR, 0, offset % OFFSETS(2), PLACES(2), a);
      }
    }
  }
  for (idx k = 0; k < SIZE_K; k++) {
    zeros(own + k * NR + width, 1, NR - width);
  }
}
#endif

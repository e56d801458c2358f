/* Where the element at an offset of the window at a place is along an axis, -1 if outside. For
   gradients (SPREAD) it is the other way round: the place of the window that has a given element at
   an offset. */
DEVICE idx position(idx place, idx offset, idx stride, idx padding, idx dilation, idx size) {
#if SPREAD
  const idx ahead = place + padding - offset * dilation;
  if (ahead < 0 || ahead % stride != 0) {
    return -1;
  }
  const idx at = ahead / stride;
#else
  const idx at = place * stride - padding + offset * dilation;
#endif
  return at >= 0 && at < size ? at : -1;
}

#define POSITION(axis, place, offset) \
  position(place, offset, STRIDE(axis), PADDING(axis), DILATION(axis), PLANE(axis))

/* The element of a channel at an offset of the window at a place, both counted over all axes. */
DEVICE VALUE in_window(
    GLOBAL const ELEMENT* right, idx base, idx channel, idx place, idx offset, words a) {
  const idx x = POSITION(2, place % PLACES(2), offset % OFFSETS(2));
  const idx y = POSITION(1, place / PLACES(2) % PLACES(1), offset / OFFSETS(2) % OFFSETS(1));
  const idx z = POSITION(0, place / PLACES(2) / PLACES(1), offset / OFFSETS(2) / OFFSETS(1));
  if (x < 0 || y < 0 || z < 0) {
    return 0;
  }
  return LOAD(right, base + ((channel * PLANE(0) + z) * PLANE(1) + y) * PLANE(2) + x);
}

/* `length` elements of a row of windows from place `first` on, `step` apart in `own`. */
DEVICE void window_row(
    GLOBAL const ELEMENT* row, GLOBAL VALUE* own, idx step, idx first, idx offset, idx length, words a) {
  if (STRIDE(2) != 1) {
    for (idx i = 0; i < length; i++) {
      const idx x = POSITION(2, first + i, offset);
      own[i * step] = x < 0 ? 0 : LOAD(row, x);
    }
    return;
  }
#if SPREAD
  const idx x = first + PADDING(2) - offset * DILATION(2);
#else
  const idx x = first - PADDING(2) + offset * DILATION(2);
#endif
  const idx low = x >= 0 ? 0 : -x < length ? -x : length;
  const idx inside = PLANE(2) - x;
  const idx high = inside >= length ? length : inside > low ? inside : low;
  for (idx i = 0; i < low; i++) {
    own[i * step] = 0;
  }
  for (idx i = low; i < high; i++) {
    own[i * step] = LOAD(row, x + i);
  }
  for (idx i = high; i < length; i++) {
    own[i * step] = 0;
  }
}

DEVICE void zeros(GLOBAL VALUE* own, idx step, idx length) {
  for (idx i = 0; i < length; i++) {
    own[i * step] = 0;
  }
}

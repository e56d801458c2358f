/* Where the element at an offset of the window at a place is along an axis, -1 if outside. For
   gradients (SPREAD) it is the other way round: the place of the window that has a given element at
   an offset. */
DEVICE idx position(idx place, idx offset, idx stride, idx padding, idx dilation, idx size) {
#if SPREAD
  idx at = place + padding - offset * dilation;
  if (stride != 1) {
    if (at < 0 || at % stride != 0) {
      return -1;
    }
    at /= stride;
  }
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

#if CHUNKS
/* What columns of a panel read: where, in which plane, and the sizes of planes. */
typedef struct {
  i32 z[NR];
  i32 y[NR];
  i32 x[NR];
  i32 plane[NR];
  i32 sizes[3];
  i32 strides[3];
} columns;

/* So far outside that no row leads back in. */
#define NOWHERE -(1 << 30)

DEVICE void measure(columns* all, words a) {
  for (i32 axis = 0; axis < 3; axis++) {
    all->sizes[axis] = (i32) PLANE(axis);
    all->strides[axis] = (i32) STRIDE(axis);
  }
}

/* Along an axis, the place of the window that is `ahead` steps of one, -1 if there is none. */
DEVICE i32 landed(i32 ahead, i32 stride) {
#if SPREAD && !UNIT
  return ahead >= 0 && ahead % stride == 0 ? ahead / stride : -1;
#else
  return ahead;
#endif
}

/* One row of a panel: what all columns read, moved by (z, y, x). */
DEVICE void gather(
    GLOBAL const ELEMENT* RESTRICT from,
    GLOBAL VALUE* RESTRICT own,
    const columns* RESTRICT all,
    i32 z,
    i32 y,
    i32 x) {
  const i32 depth = all->sizes[0];
  const i32 height = all->sizes[1];
  const i32 length = all->sizes[2];
  for (i32 u = 0; u < NR; u++) {
    const i32 i = landed(all->z[u] + z, all->strides[0]);
    const i32 j = landed(all->y[u] + y, all->strides[1]);
    const i32 k = landed(all->x[u] + x, all->strides[2]);
    const i32 inside =
        (i >= 0) & (i < depth) & (j >= 0) & (j < height) & (k >= 0) & (k < length);
    const i32 at = inside ? all->plane[u] + (i * height + j) * length + k : 0;
    const VALUE value = LOAD(from, at);
    own[u] = inside ? value : 0;
  }
}
#endif

/* The words of a pooling over three spatial axes: planes, then by axis elements of a plane, windows
   and padding. What a window is, the text is made for: OFFSETS_0, STRIDE_0, DILATION_0 and so on. */
#define PLANES a.v[0]
#define PLANE(axis) a.v[1 + (axis)]
#define PLACES(axis) a.v[4 + (axis)]
#define PADDING(axis) a.v[7 + (axis)]
/* What sums are divided by: a number, or the elements of the window, with or without padding. */
#define DIVISOR a.v[10]
#define WITH_PADDING 0
#define WITHOUT_PADDING -1
/* Where the operand and the results start. */
#define X_START a.v[11]
#define START(result) a.v[12 + (result)]
#define VOLUME (PLANE(0) * PLANE(1) * PLANE(2))
#define WINDOWS (PLACES(0) * PLACES(1) * PLACES(2))
#define FIRST(axis, place) ((place) * STRIDE_##axis - PADDING(axis))
/* Loops over the offsets of a window that lie in the plane; `at` is where they are. */
#define FOR_OFFSETS(axis, at, first) \
  for (i32 at##_offset = 0; at##_offset < OFFSETS_##axis; at##_offset++) { \
    const idx at = (first) + at##_offset * DILATION_##axis; \
    if (INSIDE || (at >= 0 && at < PLANE(axis))) {
#define END_OFFSETS } }

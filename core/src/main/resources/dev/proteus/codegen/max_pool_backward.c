/* Each gradient added where its maximum was. The items of a team have a section of the plane each,
   so that sums come out alike whoever runs first. Indices have been checked. */
#define PLANES a.v[0]
#define VOLUME a.v[1]
#define WINDOWS a.v[2]
#define GRADIENT_START a.v[3]
#define INDEX_START a.v[4]
#define Y_START a.v[5]

#if CHUNKS
#define SECTIONS 1
#define SECTION 0
#define FOR_PLANES(plane) FOR_EACH(plane, PLANES)
#else
#define SECTIONS LANES(0)
#define SECTION LANE(0)
#define FOR_PLANES(plane) { for (idx plane = GROUP(0); plane < PLANES; plane += ITEMS(0) / LANES(0)) {
#endif

KERNEL max_pool_backward(
    GLOBAL const ELEMENT* RESTRICT gradients,
    GLOBAL const i64* RESTRICT indices,
    GLOBAL ELEMENT* RESTRICT result,
    GLOBAL i32* errors,
    words a) {
  FOR_PLANES(plane)
    GLOBAL ELEMENT* y = result + Y_START + plane * VOLUME;
    const idx from = VOLUME * SECTION / SECTIONS;
    const idx to = VOLUME * (SECTION + 1) / SECTIONS;
    for (idx i = from; i < to; i++) {
      y[i] = 0;
    }
    for (idx w = 0; w < WINDOWS; w++) {
      const idx i = indices[INDEX_START + plane * WINDOWS + w];
      if (i >= from && i < to) {
        y[i] += gradients[GRADIENT_START + plane * WINDOWS + w];
      }
    }
  END
}

/* One channel of [images, channels, size], gone through by a team. A kernel has these names, and
   `channel`; CHANNEL_LANES at its top comes after them.

   FOR_CHANNEL statements of the element at HERE END_CHANNEL
   SUM_OF_CHANNEL(r, value) declares r in every member: the sum of the values at HERE */
#define HERE (line + k)
#define LINE(image) (((image) * channels + channel) * size)
#define END_CHANNEL } }
#if CHUNKS
#define CHANNEL_LANES
#define FOR_CHANNEL \
  for (idx image = 0; image < images; image++) { \
    const idx line = LINE(image); \
    for (idx k = 0; k < size; k++) {
/* Image by image: sums of sums lose less. */
#define SUM_OF_CHANNEL(r, value) \
  VALUE r = 0; \
  for (idx image = 0; image < images; image++) { \
    const idx line = LINE(image); \
    FOLD(part, VALUE, 0, ADD, k, size, value) \
    r += part; \
  }
#else
/* Where a line is shorter than the team, it takes several at once. */
#define CHANNEL_LANES \
  const idx at_once = size < TEAM ? TEAM / size : 1; \
  const idx lane_image = size < TEAM ? LANE(0) / size : 0; \
  const idx lane_place = LANE(0) - lane_image * size;
#define FOR_CHANNEL \
  for (idx image = lane_image < at_once ? lane_image : images; image < images; image += at_once) { \
    const idx line = LINE(image); \
    for (idx k = lane_place; k < size; k += TEAM) {
#define SUM_OF_CHANNEL(r, value) \
  VALUE r = 0; \
  FOR_CHANNEL \
    r += value; \
  END_CHANNEL \
  OVER_TEAM(r, VALUE, ADD)
#endif

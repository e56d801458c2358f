/* Lines that lie across: neighbouring ones make a block, which one item goes down, BLOCK lines at
   most. Where loops go by stripes that is one.

   FOR_BLOCKS(at, width, outer, n, inner) statements of the lines from `at` on END_BLOCKS */
#define FOR_BLOCKS(at, width, outer, n, inner) \
  { \
    const idx at##_blocks = ((inner) + BLOCK - 1) / BLOCK; \
    FOR_EACH(at##_task, (outer) * at##_blocks) \
      const idx at##_first = at##_task % at##_blocks * BLOCK; \
      const idx at = at##_task / at##_blocks * (n) * (inner) + at##_first; \
      const i32 width = (inner) - at##_first < BLOCK ? (i32) ((inner) - at##_first) : BLOCK; \
      {
#define END_BLOCKS } END }
/* A call of what goes down a block, told its width as `w`: a full one as a constant, so that lines
   become vectors. */
#define BY_WIDTH(w, width, call) \
  if ((width) == BLOCK) { \
    const i32 w = BLOCK; \
    call; \
  } else { \
    const i32 w = (width); \
    call; \
  }

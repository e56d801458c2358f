/* The words of a product of matrices: result[z] = left[z] . right[z] + bias for every z of a batch
   of up to four axes. The sum over k comes in BLOCKS of SIZE_K terms, each with a right operand of
   its own, BLOCK_STEP further. */
#define SIZE_M a.v[0]
#define SIZE_N a.v[1]
#define SIZE_K a.v[2]
#define TASKS a.v[3]
#define BATCH(axis) a.v[4 + (axis)]
#define LEFT_STEP(axis) a.v[8 + (axis)]
#define RIGHT_STEP(axis) a.v[12 + (axis)]
#define RESULT_STEP(axis) a.v[16 + (axis)]
#define RIGHT_START a.v[20]
#define RIGHT_K a.v[21]
#define RIGHT_N a.v[22]
#define RESULT_START a.v[23]
#define RESULT_M a.v[24]
#define RESULT_N a.v[25]
#define BIAS_START a.v[26]
#define BLOCKS a.v[27]
#define BLOCK_STEP a.v[28]
/* Tasks that share the rows of one panel of columns. */
#define ROW_PARTS a.v[29]
/* Of windows, by spatial axis: elements, places of the window, offsets in it. */
#define PLANE(axis) a.v[30 + (axis)]
#define PLACES(axis) a.v[33 + (axis)]
#define OFFSETS(axis) a.v[36 + (axis)]
#define STRIDE(axis) a.v[39 + (axis)]
#define PADDING(axis) a.v[42 + (axis)]
#define DILATION(axis) a.v[45 + (axis)]
#define BIAS_STEP(axis) a.v[48 + (axis)]
#define VOLUME (PLANE(0) * PLANE(1) * PLANE(2))
/* Moves what a product begins with to product `number` of the batch. */
#define TO_PRODUCT(number, left_at, base, result_at, bias_at) \
  { \
    idx rest = number; \
    for (i32 axis = 3; axis >= 0; axis--) { \
      const idx z = rest % BATCH(axis); \
      rest /= BATCH(axis); \
      left_at += z * LEFT_STEP(axis); \
      base += z * RIGHT_STEP(axis); \
      result_at += z * RESULT_STEP(axis); \
      bias_at += z * BIAS_STEP(axis); \
    } \
  }

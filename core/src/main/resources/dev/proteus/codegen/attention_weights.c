/* What each query takes of each key: scores become weights in place. Rows of scores are those of all
   queries of a batch of up to four axes. MASK says what the mask is: none, BOOL_MASK, true where a
   key is seen, or ADDED_MASK. With CAUSAL a query sees keys up to its own position. */
#define ROWS a.v[0]
#define KEYS a.v[1]
#define QUERIES a.v[2]
#define SCALE CONSTANT(a.v[3])
#define BATCH(axis) a.v[4 + (axis)]
#define MASK_STEP(axis) a.v[8 + (axis)]
#define MASK_START a.v[12]
#define MASK_ROW a.v[13]
#define MASK_COLUMN a.v[14]
#define BOOL_MASK 1
#define ADDED_MASK 2

#if MASK == BOOL_MASK
#define MASK_TYPE u8
#define MASKED(score, at) ((mask)[at] ? (score) : -INFINITY)
#elif MASK == ADDED_MASK
#define MASK_TYPE ELEMENT
#define MASKED(score, at) ((score) + LOAD(mask, at))
#else
#define MASK_TYPE u8
#define MASKED(score, at) (score)
#endif

KERNEL attention_weights(
    GLOBAL VALUE* RESTRICT scores,
    GLOBAL const MASK_TYPE* RESTRICT mask,
    GLOBAL i32* errors,
    words a) {
  TEAM_MEMORY(VALUE)
  const VALUE scale = SCALE;
  FOR_TEAMS(row, ROWS)
    GLOBAL VALUE* line = scores + row * KEYS;
    const idx query = row % QUERIES;
    const idx seen = CAUSAL && query + 1 < KEYS ? query + 1 : KEYS;
    idx at = MASK_START + query * MASK_ROW;
    idx rest = row / QUERIES;
    for (i32 axis = 3; axis >= 0; axis--) {
      at += rest % BATCH(axis) * MASK_STEP(axis);
      rest /= BATCH(axis);
    }
    FOLD(top, VALUE, -INFINITY, larger, j, KEYS,
        (line[j] = j < seen ? MASKED(line[j] * scale, at + j * MASK_COLUMN) : -INFINITY))
    const VALUE most = top == -INFINITY ? 0 : top;
    FOLD(sum, VALUE, 0, ADD, j, KEYS, (line[j] = exp(line[j] - most)))
    const VALUE share = sum == 0 ? 1 : 1 / sum;
    FOR_TEAM(j, KEYS)
      line[j] *= share;
    END
  END
}

/* Copies the left operand of products to panels of MR rows, in which the elements of all rows for
   one k lie together; zero beyond the last row. Index k is a pair (outer, inner). */
#define SIZE_M a.v[0]
#define OUTER a.v[1]
#define INNER a.v[2]
#define STEP_M a.v[3]
#define STEP_OUTER a.v[4]
#define STEP_INNER a.v[5]
#define START a.v[6]
#define BATCHES a.v[7]
#define BATCH(axis) a.v[8 + (axis)]
#define STEP(axis) a.v[12 + (axis)]

KERNEL pack_rows(
    GLOBAL const ELEMENT* RESTRICT x, GLOBAL VALUE* RESTRICT y, GLOBAL i32* errors, words a) {
  const idx panels = (SIZE_M + MR - 1) / MR;
  FOR_ROWS(r, BATCHES * panels * OUTER, INNER)
    const idx q = r / OUTER;
    const idx outer = r % OUTER;
    const idx panel = q % panels;
    idx from = START + panel * MR * STEP_M + outer * STEP_OUTER;
    idx rest = q / panels;
    for (i32 axis = 3; axis >= 0; axis--) {
      from += rest % BATCH(axis) * STEP(axis);
      rest /= BATCH(axis);
    }
    const idx rows = SIZE_M - panel * MR < MR ? SIZE_M - panel * MR : MR;
    GLOBAL VALUE* panel_at = y + r * INNER * MR;
    FOR_COLUMNS(k, r, INNER)
      const idx place = from + k * STEP_INNER;
      GLOBAL VALUE* to = panel_at + k * MR;
      for (i32 i = 0; i < MR; i++) {
        to[i] = i < rows ? LOAD(x, place + i * STEP_M) : 0;
      }
    END
  END
}

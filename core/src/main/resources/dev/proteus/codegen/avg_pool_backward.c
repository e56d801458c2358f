/* Each gradient, divided, added to all of its window: every element adds up the windows it is in. */
#define BEGIN(axis, at) \
  ((at) + PADDING(axis) < OFFSETS_##axis \
       ? 0 \
       : ((at) + PADDING(axis) - OFFSETS_##axis) / STRIDE_##axis + 1)
#define LAST(axis, at) \
  (((at) + PADDING(axis)) / STRIDE_##axis < PLACES(axis) \
       ? ((at) + PADDING(axis)) / STRIDE_##axis \
       : PLACES(axis) - 1)

KERNEL avg_pool_backward(
    GLOBAL const ELEMENT* RESTRICT gradients,
    GLOBAL ELEMENT* RESTRICT result,
    GLOBAL i32* errors,
    words a) {
  FOR_ROWS(row, PLANES * PLANE(0) * PLANE(1), PLANE(2))
    const idx y = row % PLANE(1);
    const idx z = row / PLANE(1) % PLANE(0);
    GLOBAL const ELEMENT* g = gradients + X_START + row / PLANE(1) / PLANE(0) * WINDOWS;
    FOR_COLUMNS(x, row, PLANE(2))
      VALUE sum = 0;
      for (idx i = BEGIN(0, z); i <= LAST(0, z); i++) {
        for (idx j = BEGIN(1, y); j <= LAST(1, y); j++) {
          for (idx k = BEGIN(2, x); k <= LAST(2, x); k++) {
            const VALUE value = LOAD(g, (i * PLACES(1) + j) * PLACES(2) + k);
            const idx all =
                COUNTED(0, FIRST(0, i)) * COUNTED(1, FIRST(1, j)) * COUNTED(2, FIRST(2, k));
            sum += value / (VALUE) (DIVISOR > 0 ? DIVISOR : all);
          }
        }
      }
      STORE(result, START(0) + row * PLANE(2) + x, sum)
    END
  END
}

/* The mean of each window; padding is 0. */
KERNEL avg_pool(
    GLOBAL const ELEMENT* RESTRICT x, GLOBAL ELEMENT* RESTRICT result, GLOBAL i32* errors, words a) {
  FOR_ROWS(row, PLANES * PLACES(0) * PLACES(1), PLACES(2))
    const idx y0 = FIRST(1, row % PLACES(1));
    const idx z0 = FIRST(0, row / PLACES(1) % PLACES(0));
    const idx counted_before = COUNTED(0, z0) * COUNTED(1, y0);
    GLOBAL const ELEMENT* plane = x + X_START + row / PLACES(1) / PLACES(0) * VOLUME;
    FOR_COLUMNS(column, row, PLACES(2))
      const idx x0 = FIRST(2, column);
      VALUE sum = 0;
      FOR_OFFSETS(0, z, z0)
        FOR_OFFSETS(1, y, y0)
          FOR_OFFSETS(2, at, x0)
            sum += LOAD(plane, (z * PLANE(1) + y) * PLANE(2) + at);
          END_OFFSETS
        END_OFFSETS
      END_OFFSETS
      const VALUE divisor = (VALUE) (DIVISOR > 0 ? DIVISOR : counted_before * COUNTED(2, x0));
      STORE(result, START(0) + row * PLACES(2) + column, sum / divisor)
    END
  END
}

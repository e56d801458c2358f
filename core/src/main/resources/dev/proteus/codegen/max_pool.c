/* The largest element of each window, NaN being the largest of all, and where in its plane the
   first such is. */
KERNEL max_pool(
    GLOBAL const ELEMENT* RESTRICT x,
    GLOBAL ELEMENT* RESTRICT values,
    GLOBAL i64* RESTRICT indices,
    GLOBAL i32* errors,
    words a) {
  FOR_ROWS(row, PLANES * PLACES(0) * PLACES(1), PLACES(2))
    const idx y0 = FIRST(1, row % PLACES(1));
    const idx z0 = FIRST(0, row / PLACES(1) % PLACES(0));
    GLOBAL const ELEMENT* plane = x + X_START + row / PLACES(1) / PLACES(0) * VOLUME;
    FOR_COLUMNS(column, row, PLACES(2))
      const idx x0 = FIRST(2, column);
      VALUE best = -INFINITY;
      idx place = -1;
      FOR_OFFSETS(0, z, z0)
        FOR_OFFSETS(1, y, y0)
          FOR_OFFSETS(2, at, x0)
            const idx here = (z * PLANE(1) + y) * PLANE(2) + at;
            const VALUE value = LOAD(plane, here);
            const i32 larger = (place < 0) | (value > best) | ((value != value) & (best == best));
            best = larger ? value : best;
            place = larger ? here : place;
          END_OFFSETS
        END_OFFSETS
      END_OFFSETS
      STORE(values, START(0) + row * PLACES(2) + column, best)
      indices[START(1) + row * PLACES(2) + column] = place < 0 ? VOLUME - 1 : place;
    END
  END
}

/* Rows brought to mean square 1, then weighed element by element. Words: rows, their length, eps. */
KERNEL row_norm(
    GLOBAL const ELEMENT* RESTRICT x,
    GLOBAL const ELEMENT* RESTRICT weight,
    GLOBAL const ELEMENT* RESTRICT bias,
    GLOBAL ELEMENT* RESTRICT y,
    GLOBAL i32* errors,
    words a) {
  TEAM_MEMORY(VALUE)
  const idx n = a.v[1];
  GLOBAL const ELEMENT* RESTRICT scales = weight + START(1);
  GLOBAL const ELEMENT* RESTRICT shifts = bias + START(2);
  FOR_TEAMS(row, a.v[0])
    GLOBAL const ELEMENT* RESTRICT from = x + START(0) + row * n;
    GLOBAL ELEMENT* RESTRICT to = y + START(3) + row * n;
    MOMENTS(from, n, CONSTANT(a.v[2]))
    FOR_TEAM(j, n)
      VALUE value = (LOAD(from, j) - mean) * factor;
#if WEIGHTS > 0
      value *= LOAD(scales, j);
#endif
#if WEIGHTS > 1
      value += LOAD(shifts, j);
#endif
      STORE(to, j, value)
    END
  END
}

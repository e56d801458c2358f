/* Groups of channels brought to mean 0 and variance 1, then weighed by channel. Words: groups of all
   samples, elements of one, eps, groups of a sample, channels of one, elements of a channel. */
KERNEL group_norm(
    GLOBAL const ELEMENT* RESTRICT x,
    GLOBAL const ELEMENT* RESTRICT weight,
    GLOBAL const ELEMENT* RESTRICT bias,
    GLOBAL ELEMENT* RESTRICT y,
    GLOBAL i32* errors,
    words a) {
  TEAM_MEMORY(VALUE)
  const idx n = a.v[1];
  const idx size = a.v[5];
  FOR_TEAMS(group, a.v[0])
    GLOBAL const ELEMENT* RESTRICT from = x + START(0) + group * n;
    GLOBAL ELEMENT* RESTRICT to = y + START(3) + group * n;
    MOMENTS(from, n, CONSTANT(a.v[2]))
    for (idx c = 0; c < a.v[4]; c++) {
      VALUE scale = factor;
      VALUE shift = 0;
#if WEIGHTS > 0
      scale *= LOAD(weight, START(1) + group % a.v[3] * a.v[4] + c);
#endif
#if WEIGHTS > 1
      shift = LOAD(bias, START(2) + group % a.v[3] * a.v[4] + c);
#endif
      FOR_TEAM(j, size)
        STORE(to, c * size + j, ((LOAD(from, c * size + j) - mean) * scale + shift))
      END
    }
  END
}

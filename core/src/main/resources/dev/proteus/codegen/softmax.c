/* A softmax or its logarithm along rows. Words: rows, their length. */
KERNEL softmax(
    GLOBAL const ELEMENT* RESTRICT x, GLOBAL ELEMENT* RESTRICT y, GLOBAL i32* errors, words a) {
  TEAM_MEMORY(VALUE)
  const idx n = a.v[1];
  FOR_TEAMS(row, a.v[0])
    GLOBAL const ELEMENT* RESTRICT from = x + START(0) + row * n;
    GLOBAL ELEMENT* RESTRICT to = y + START(1) + row * n;
    FOLD(top, VALUE, -INFINITY, larger, j, n, LOAD(from, j))
#if KIND == SOFTMAX && CHUNKS && !HALF
    FOLD(sum, VALUE, 0, ADD, j, n, (to[j] = exp(from[j] - top)))
    const VALUE share = 1 / sum;
    FOR_TEAM(j, n)
      to[j] *= share;
    END
#else
    FOLD(sum, VALUE, 0, ADD, j, n, exp(LOAD(from, j) - top))
#if KIND == LOG_SOFTMAX
    sum = log(sum);
#endif
    FOR_TEAM(j, n)
      const VALUE value = LOAD(from, j);
      STORE(to, j, RESULT(value, top, sum))
    END
#endif
  END
}

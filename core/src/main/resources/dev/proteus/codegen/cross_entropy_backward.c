/* The gradient of a cross entropy for its logits. Words: rows, classes, the class that is ignored, how
   much labels are smoothed, whether each row has a gradient of its own, whether losses were divided
   by what their targets count. */
KERNEL cross_entropy_backward(
    GLOBAL const ELEMENT* RESTRICT g,
    GLOBAL const ELEMENT* RESTRICT x,
    GLOBAL const i64* RESTRICT target,
    GLOBAL const ELEMENT* RESTRICT weight,
    GLOBAL const VALUE* RESTRICT count,
    GLOBAL ELEMENT* RESTRICT gx,
    GLOBAL i32* errors,
    words a) {
  TEAM_MEMORY(VALUE)
  const idx n = a.v[1];
  GLOBAL const ELEMENT* RESTRICT class_weights = weight + START(3);
  FOR_TEAMS(row, a.v[0])
    GLOBAL const ELEMENT* RESTRICT from = x + START(1) + row * n;
    GLOBAL ELEMENT* RESTRICT to = gx + START(5) + row * n;
    const i64 own = target[START(2) + row];
    VALUE hard = 0;
    VALUE each = 0;
    if (own != a.v[2]) {
      VALUE rate = LOAD(g, START(0) + row * a.v[4]);
      if (a.v[5]) {
        rate /= count[START(4)];
      }
      const VALUE smoothing = SMOOTHED ? CONSTANT(a.v[3]) : (VALUE) 0;
      hard = WEIGHT_OF(own) * rate * (1 - smoothing);
      each = rate * (smoothing / (VALUE) n);
    }
    FOLD(top, VALUE, -INFINITY, larger, j, n, LOAD(from, j))
    FOLD(sum, VALUE, 0, ADD, j, n, exp(LOAD(from, j) - top))
    VALUE all = hard;
#if SMOOTHED
    FOLD(even, VALUE, 0, ADD, j, n, each * WEIGHT_OF(j))
    all += even;
#endif
    FOR_TEAM(j, n)
      VALUE wanted = j == own ? hard : (VALUE) 0;
#if SMOOTHED
      wanted += each * WEIGHT_OF(j);
#endif
      STORE(to, j, (exp(LOAD(from, j) - top) / sum * all - wanted))
    END
  END
}

/* What each row of logits loses against its class. Words: rows, classes, the class that is ignored,
   how much labels are smoothed. */
KERNEL cross_entropy(
    GLOBAL const ELEMENT* RESTRICT x,
    GLOBAL const i64* RESTRICT target,
    GLOBAL const ELEMENT* RESTRICT weight,
    GLOBAL VALUE* RESTRICT losses,
    GLOBAL i32* errors,
    words a) {
  TEAM_MEMORY(VALUE)
  const idx n = a.v[1];
  GLOBAL const ELEMENT* RESTRICT class_weights = weight + START(2);
  FOR_TEAMS(row, a.v[0])
    const i64 own = target[START(1) + row];
    VALUE loss = 0;
    if (own != a.v[2]) {
      GLOBAL const ELEMENT* RESTRICT from = x + START(0) + row * n;
      FOLD(top, VALUE, -INFINITY, larger, j, n, LOAD(from, j))
      FOLD(sum, VALUE, 0, ADD, j, n, exp(LOAD(from, j) - top))
      const VALUE all = log(sum);
      loss = WEIGHT_OF(own) * (all - (LOAD(from, own) - top));
#if SMOOTHED
      const VALUE smoothing = CONSTANT(a.v[3]);
      FOLD(even, VALUE, 0, ADD, j, n, WEIGHT_OF(j) * (all - (LOAD(from, j) - top)))
      loss = loss * (1 - smoothing) + even * (smoothing / (VALUE) n);
#endif
    }
    if (IS_FIRST_OF_TEAM) {
      losses[START(3) + row] = loss;
    }
  END
}

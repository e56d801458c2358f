/* A softmax or its logarithm along lines that lie across. Words: outer, length of a line, inner. */
DEVICE void go_down(
    GLOBAL const ELEMENT* RESTRICT x, GLOBAL ELEMENT* RESTRICT y, idx n, idx step, const i32 width) {
  VALUE top[BLOCK];
  VALUE sum[BLOCK];
  for (i32 u = 0; u < width; u++) {
    top[u] = -INFINITY;
    sum[u] = 0;
  }
  for (idx j = 0; j < n; j++) {
    for (i32 u = 0; u < width; u++) {
      top[u] = larger(top[u], LOAD(x, j * step + u));
    }
  }
  for (idx j = 0; j < n; j++) {
    for (i32 u = 0; u < width; u++) {
      sum[u] += exp(LOAD(x, j * step + u) - top[u]);
    }
  }
#if KIND == LOG_SOFTMAX
  for (i32 u = 0; u < width; u++) {
    sum[u] = log(sum[u]);
  }
#endif
  for (idx j = 0; j < n; j++) {
    for (i32 u = 0; u < width; u++) {
      const VALUE value = LOAD(x, j * step + u);
      STORE(y, j * step + u, RESULT(value, top[u], sum[u]))
    }
  }
}

KERNEL softmax_columns(
    GLOBAL const ELEMENT* RESTRICT x, GLOBAL ELEMENT* RESTRICT y, GLOBAL i32* errors, words a) {
  FOR_BLOCKS(at, width, a.v[0], a.v[1], a.v[2])
    BY_WIDTH(w, width, go_down(x + START(0) + at, y + START(1) + at, a.v[1], a.v[2], w))
  END_BLOCKS
}

/* The sums of columns of a matrix of values, each from the top down. Words: 1, rows, columns. */
DEVICE void go_down(
    GLOBAL const VALUE* RESTRICT x, GLOBAL ELEMENT* RESTRICT y, idx n, idx step, const i32 width) {
  VALUE sum[BLOCK];
  for (i32 u = 0; u < width; u++) {
    sum[u] = 0;
  }
  for (idx j = 0; j < n; j++) {
    for (i32 u = 0; u < width; u++) {
      sum[u] += x[j * step + u];
    }
  }
  for (i32 u = 0; u < width; u++) {
    STORE(y, u, sum[u])
  }
}

KERNEL sum_columns(
    GLOBAL const VALUE* RESTRICT x, GLOBAL ELEMENT* RESTRICT y, GLOBAL i32* errors, words a) {
  FOR_BLOCKS(at, width, a.v[0], a.v[1], a.v[2])
    BY_WIDTH(w, width, go_down(x + START(0) + at, y + START(1) + at, a.v[1], a.v[2], w))
  END_BLOCKS
}

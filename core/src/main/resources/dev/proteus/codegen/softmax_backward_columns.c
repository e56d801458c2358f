/* The gradient of a softmax or its logarithm along lines that lie across. Words: outer, length of a
   line, inner. */
DEVICE void go_down(
    GLOBAL const ELEMENT* RESTRICT y,
    GLOBAL const ELEMENT* RESTRICT g,
    GLOBAL ELEMENT* RESTRICT gx,
    idx n,
    idx step,
    const i32 width) {
  VALUE sum[BLOCK];
  for (i32 u = 0; u < width; u++) {
    sum[u] = 0;
  }
  for (idx j = 0; j < n; j++) {
    for (i32 u = 0; u < width; u++) {
      sum[u] += TERM(LOAD(y, j * step + u), LOAD(g, j * step + u));
    }
  }
  for (idx j = 0; j < n; j++) {
    for (i32 u = 0; u < width; u++) {
      const VALUE result = LOAD(y, j * step + u);
      const VALUE grad = LOAD(g, j * step + u);
      STORE(gx, j * step + u, RESULT(result, grad, sum[u]))
    }
  }
}

KERNEL softmax_backward_columns(
    GLOBAL const ELEMENT* RESTRICT y,
    GLOBAL const ELEMENT* RESTRICT g,
    GLOBAL ELEMENT* RESTRICT gx,
    GLOBAL i32* errors,
    words a) {
  FOR_BLOCKS(at, width, a.v[0], a.v[1], a.v[2])
    BY_WIDTH(
        w,
        width,
        go_down(
            y + START(0) + at, g + START(1) + at, gx + START(2) + at, a.v[1], a.v[2], w))
  END_BLOCKS
}

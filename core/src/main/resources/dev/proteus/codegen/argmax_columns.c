/* Where in each line the extreme is, for lines that lie across. Words: outer, length of a line,
   inner. */
DEVICE void go_down(
    GLOBAL const ELEMENT* RESTRICT x, GLOBAL i64* RESTRICT y, idx n, idx step, const i32 width) {
  VALUE extreme[BLOCK];
  i32 place[BLOCK];
  for (i32 u = 0; u < width; u++) {
    extreme[u] = LOAD(x, u);
    place[u] = 0;
  }
  for (idx j = 1; j < n; j++) {
    for (i32 u = 0; u < width; u++) {
      const VALUE value = LOAD(x, j * step + u);
      const i32 is_next =
          BEYOND(value, extreme[u]) || (IS_NAN(value) && !IS_NAN(extreme[u]));
      extreme[u] = is_next ? value : extreme[u];
      place[u] = is_next ? (i32) j : place[u];
    }
  }
  for (i32 u = 0; u < width; u++) {
    y[u] = place[u];
  }
}

KERNEL argmax_columns(
    GLOBAL const ELEMENT* RESTRICT x, GLOBAL i64* RESTRICT y, GLOBAL i32* errors, words a) {
  FOR_BLOCKS(at, width, a.v[0], a.v[1], a.v[2])
    GLOBAL i64* RESTRICT to = y + START(1) + (at - at_first) / a.v[1] + at_first;
    BY_WIDTH(w, width, go_down(x + START(0) + at, to, a.v[1], a.v[2], w))
  END_BLOCKS
}

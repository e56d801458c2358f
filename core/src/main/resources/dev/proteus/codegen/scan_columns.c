/* Values of lines that lie across combined with all before them. Words: outer, length of a line,
   inner. */
DEVICE void go_down(
    GLOBAL const ELEMENT* RESTRICT x, GLOBAL ELEMENT* RESTRICT y, idx n, idx step, const i32 width) {
  RUNNING before[BLOCK];
  for (i32 u = 0; u < width; u++) {
    before[u] = NEUTRAL(LOAD(x, u));
  }
  for (idx j = 0; j < n; j++) {
    for (i32 u = 0; u < width; u++) {
      const idx at = PLACE(j, n) * step + u;
      before[u] = joined(before[u], LOAD(x, at));
      STORE(y, at, ((VALUE) before[u]))
    }
  }
}

KERNEL scan_columns(
    GLOBAL const ELEMENT* RESTRICT x, GLOBAL ELEMENT* RESTRICT y, GLOBAL i32* errors, words a) {
  FOR_BLOCKS(at, width, a.v[0], a.v[1], a.v[2])
    BY_WIDTH(w, width, go_down(x + START(0) + at, y + START(1) + at, a.v[1], a.v[2], w))
  END_BLOCKS
}

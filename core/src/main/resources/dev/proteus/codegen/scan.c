/* Values of rows combined with all before them. Words: rows, their length. */
KERNEL scan(
    GLOBAL const ELEMENT* RESTRICT x, GLOBAL ELEMENT* RESTRICT y, GLOBAL i32* errors, words a) {
  TEAM_MEMORY(RUNNING)
  const idx n = a.v[1];
  FOR_TEAMS(row, a.v[0])
    GLOBAL const ELEMENT* RESTRICT from = x + START(0) + row * n;
    GLOBAL ELEMENT* RESTRICT to = y + START(1) + row * n;
    RUNNING before = NEUTRAL(LOAD(from, 0));
#if CHUNKS
    for (idx j = 0; j < n; j++) {
      before = joined(before, LOAD(from, PLACE(j, n)));
      STORE(to, PLACE(j, n), ((VALUE) before))
    }
#else
    for (idx start = 0; start < n; start += TEAM) {
      const idx j = start + LANE(0);
      RUNNING here = j < n ? (RUNNING) LOAD(from, PLACE(j, n)) : before;
      MEMORY_OF(RUNNING)[LANE(0)] = here;
      BARRIER();
      for (i32 apart = 1; apart < TEAM; apart <<= 1) {
        if (LANE(0) >= apart) {
          here = joined(MEMORY_OF(RUNNING)[LANE(0) - apart], here);
        }
        BARRIER();
        MEMORY_OF(RUNNING)[LANE(0)] = here;
        BARRIER();
      }
      if (j < n) {
        STORE(to, PLACE(j, n), ((VALUE) joined(before, here)))
      }
      before = joined(before, MEMORY_OF(RUNNING)[TEAM - 1]);
      BARRIER();
    }
#endif
  END
}

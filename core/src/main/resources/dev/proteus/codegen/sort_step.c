/* One step of a bitonic sort of rows of entries. Words: rows, entries of one, size of the sequences
   that are merged, how far apart entries are that are compared. */
KERNEL sort_step(GLOBAL entry* RESTRICT entries, GLOBAL i32* errors, words a) {
  const idx n = a.v[1];
  const idx apart = a.v[3];
  FOR_EACH(pair, a.v[0] * (n / 2))
    const idx low = pair / apart * 2 * apart + pair % apart;
    GLOBAL entry* all = entries + START(0);
    const entry first = all[low];
    const entry second = all[low + apart];
    const i32 rises = (low % n & a.v[2]) == 0;
    if (BEFORE(second, first) == rises) {
      all[low] = second;
      all[low + apart] = first;
    }
  END
}

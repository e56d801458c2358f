/* Steps of a bitonic sort within blocks of at most SPAN entries, each by one team. Words: blocks, entries of one,
   of a row, sizes of the sequences that are merged: from, to. (Batcher, "Sorting networks and their
   applications", 1968.) */
KERNEL sort_block(GLOBAL entry* RESTRICT entries, GLOBAL i32* errors, words a) {
  LOCAL entry block[SPAN];
  const idx n = a.v[1];
  FOR_TEAMS(task, a.v[0])
    GLOBAL entry* all = entries + START(0) + task * n;
    FOR_TEAM(j, n)
      block[j] = all[j];
    END
    TEAM_BARRIER();
    for (idx size = a.v[3]; size <= a.v[4]; size *= 2) {
      for (idx apart = (size < n ? size : n) / 2; apart > 0; apart /= 2) {
        FOR_TEAM(pair, n / 2)
          const idx low = pair / apart * 2 * apart + pair % apart;
          const entry first = block[low];
          const entry second = block[low + apart];
          const i32 rises = ((task * n + low) % a.v[2] & size) == 0;
          if (BEFORE(second, first) == rises) {
            block[low] = second;
            block[low + apart] = first;
          }
        END
        TEAM_BARRIER();
      }
    }
    FOR_TEAM(j, n)
      all[j] = block[j];
    END
    TEAM_BARRIER();
  END
}

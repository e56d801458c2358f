/* The first elements of rows in order, and their places, each row by one item: few are kept in order
   while the others pass by, short rows are sorted so, longer ones digit by digit. Words: rows, their
   length, how many elements are wanted. Scratch: a row of entries for each item, twice. */
#define FEW 32

DEVICE void insert(GLOBAL entry* sorted, i64 at, entry made) {
  for (; at > 0 && BEFORE(made, sorted[at - 1]); at--) {
    sorted[at] = sorted[at - 1];
  }
  sorted[at] = made;
}

KERNEL sort_rows(
    GLOBAL const ELEMENT* RESTRICT x,
    GLOBAL ELEMENT* RESTRICT values,
    GLOBAL i64* RESTRICT places,
    GLOBAL entry* RESTRICT scratch,
    GLOBAL entry* RESTRICT more_scratch,
    GLOBAL i32* errors,
    words a) {
  const idx n = a.v[1];
  const idx k = a.v[2];
  FOR_EACH(row, a.v[0])
    GLOBAL const ELEMENT* from = x + START(0) + row * n;
    GLOBAL entry* sorted = scratch + START(3) + ITEM(0) * n;
    GLOBAL entry* spare = more_scratch + START(4) + ITEM(0) * n;
    if (n <= FEW || (k <= FEW && k < n / 4)) {
      for (idx j = 0; j < k; j++) {
        insert(sorted, j, entry_of(key_of(LOAD(from, j)), j));
      }
      for (idx j = k; j < n; j++) {
        const entry made = entry_of(key_of(LOAD(from, j)), j);
        if (BEFORE(made, sorted[k - 1])) {
          insert(sorted, k - 1, made);
        }
      }
    } else {
      for (idx j = 0; j < n; j++) {
        sorted[j] = entry_of(key_of(LOAD(from, j)), j);
      }
      for (i32 shift = 0; shift < KEY_BITS; shift += 8) {
        idx ends[256];
        for (i32 digit = 0; digit < 256; digit++) {
          ends[digit] = 0;
        }
        for (idx j = 0; j < n; j++) {
          ends[DIGIT(sorted[j], shift)]++;
        }
        if (ends[DIGIT(sorted[0], shift)] == n) {
          continue;
        }
        idx before = 0;
        for (i32 digit = 0; digit < 256; digit++) {
          const idx count = ends[digit];
          ends[digit] = before;
          before += count;
        }
        for (idx j = 0; j < n; j++) {
          spare[ends[DIGIT(sorted[j], shift)]++] = sorted[j];
        }
        GLOBAL entry* other = sorted;
        sorted = spare;
        spare = other;
      }
    }
    for (idx j = 0; j < k; j++) {
      const i64 place = PLACE_OF(sorted[j]);
      values[START(1) + row * k + j] = from[place];
      places[START(2) + row * k + j] = place;
    }
  END
}

/* Where in each row the extreme is: the first of equal ones, the first NaN if there is one. Words:
   rows, their length. */
KERNEL argmax(
    GLOBAL const ELEMENT* RESTRICT x, GLOBAL i64* RESTRICT y, GLOBAL i32* errors, words a) {
  TEAM_MEMORY(VALUE)
  TEAM_MEMORY(ordinal)
  const idx n = a.v[1];
  FOR_TEAMS(row, a.v[0])
    GLOBAL const ELEMENT* RESTRICT from = x + START(0) + row * n;
    const VALUE first = LOAD(from, 0);
    FOLD(extreme, VALUE, first, further, j, n, LOAD(from, j))
    FOLD(
        place,
        ordinal,
        n,
        least,
        j,
        n,
        (LOAD(from, j) == extreme || IS_NAN(LOAD(from, j)) ? j : n))
    if (IS_FIRST_OF_TEAM) {
      y[START(1) + row] = place;
    }
  END
}

/* The entries of rows, each row filled up with last ones. Words: rows, their length, that of a row of
   entries. */
KERNEL sort_keys(
    GLOBAL const ELEMENT* RESTRICT x, GLOBAL entry* RESTRICT y, GLOBAL i32* errors, words a) {
  FOR_EACH(e, a.v[0] * a.v[2])
    const idx row = e / a.v[2];
    const idx place = e - row * a.v[2];
    y[START(1) + e] =
        place < a.v[1]
            ? entry_of(key_of(LOAD(x, START(0) + row * a.v[1] + place)), place)
            : entry_of(BITS == 64 ? ~(u64) 0 : (u64) 0xffffffffu, place);
  END
}

/* The first elements of rows in the order of their entries. Words: rows, their length, that of a row
   of entries, how many elements are wanted. */
KERNEL sort_places(
    GLOBAL const ELEMENT* RESTRICT x,
    GLOBAL const entry* RESTRICT entries,
    GLOBAL ELEMENT* RESTRICT values,
    GLOBAL i64* RESTRICT places,
    GLOBAL i32* errors,
    words a) {
  FOR_EACH(e, a.v[0] * a.v[3])
    const idx row = e / a.v[3];
    const i64 place = PLACE_OF(entries[START(1) + row * a.v[2] + e - row * a.v[3]]);
    values[START(2) + e] = x[START(0) + row * a.v[1] + place];
    places[START(3) + e] = place;
  END
}

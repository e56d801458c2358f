/* How elements are spread over items. A kernel says which type its indices have: idx.

   FOR_EACH(i, n) statements END
   FOR_ROWS(r, rows, length) statements of a row FOR_COLUMNS(j, r, length) statements END END */
#if CHUNKS
#define FOR_EACH(i, n) \
  { \
    const idx i##_share = ((n) + ITEMS(0) - 1) / ITEMS(0); \
    const idx i##_from = ITEM(0) * i##_share; \
    const idx i##_to = i##_from + i##_share < (n) ? i##_from + i##_share : (n); \
    for (idx i = i##_from; i < i##_to; i++) {
#define FOR_ROWS(r, rows, length) FOR_EACH(r, rows)
#define FOR_COLUMNS(j, r, length) { for (idx j = 0; j < (length); j++) {
#else
#define FOR_EACH(i, n) { for (idx i = ITEM(0); i < (n); i += ITEMS(0)) {
#define FOR_ROWS(r, rows, length) \
  { \
    const idx r##_all = (rows) * (length); \
    for (idx r##_at = ITEM(0); r##_at < r##_all; r##_at += ITEMS(0)) { \
      const idx r = r##_at / (length);
#define FOR_COLUMNS(j, r, length) { { const idx j = r##_at - r * (length);
#endif
#define END } }

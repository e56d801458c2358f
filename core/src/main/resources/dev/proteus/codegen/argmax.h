/* KIND: 0 for the largest, 1 for the smallest. */
#if KIND == 0
#define BEYOND(a, b) ((a) > (b))
#else
#define BEYOND(a, b) ((a) < (b))
#endif
#define IS_NAN(a) ((a) != (a))
/* A place, under a name of its own beside a VALUE that may be i64. */
typedef i64 ordinal;
DEVICE VALUE further(VALUE a, VALUE b) { return BEYOND(a, b) || IS_NAN(a) ? a : b; }
DEVICE ordinal least(ordinal a, ordinal b) { return a < b ? a : b; }

/* KIND: whether rows are brought to mean 0, and twice how many of weight and bias there are. */
#define CENTRED (KIND % 2)
#define WEIGHTS (KIND / 2)
/* Declares mean, or 0, and the factor that brings row `from` to mean square 1. */
#if CENTRED
#define MOMENTS(from, n, eps) \
  FOLD(sum, VALUE, 0, ADD, j, n, LOAD(from, j)) \
  const VALUE mean = sum / (VALUE) (n); \
  FOLD(squares, VALUE, 0, ADD, j, n, square(LOAD(from, j) - mean)) \
  const VALUE factor = 1 / sqrt(squares / (VALUE) (n) + (eps));
#else
#define MOMENTS(from, n, eps) \
  const VALUE mean = 0; \
  FOLD(squares, VALUE, 0, ADD, j, n, square(LOAD(from, j))) \
  const VALUE factor = 1 / sqrt(squares / (VALUE) (n) + (eps));
#endif

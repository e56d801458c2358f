/* Running sums, the same from the end, running products, largest and smallest values. RUNNING is the
   type in which they are kept: sums and products of floating types in the longest there is where one
   item adds them up in turn. */
#define SUM 0
#define SUM_FROM_END 1
#define PROD 2
#define MAX 3
#define MIN 4
#if KIND == SUM_FROM_END
#define PLACE(j, n) ((n) - 1 - (j))
#else
#define PLACE(j, n) (j)
#endif
#if KIND == MAX || KIND == MIN
#define RUNNING VALUE
#define NEUTRAL(first) first
#elif FLOATING && DOUBLES
#define RUNNING f64
#elif FLOATING
#define RUNNING VALUE
#else
#define RUNNING i64
#endif
#if KIND == SUM || KIND == SUM_FROM_END
#define NEUTRAL(first) 0
#elif KIND == PROD
#define NEUTRAL(first) 1
#endif
DEVICE RUNNING joined(RUNNING a, RUNNING b) {
#if KIND == MAX
  return a > b || a != a ? a : b;
#elif KIND == MIN
  return a < b || a != a ? a : b;
#elif KIND == PROD && FLOATING
  return a * b;
#elif KIND == PROD
  return mul_i64(a, b);
#elif FLOATING
  return a + b;
#else
  return add_i64(a, b);
#endif
}

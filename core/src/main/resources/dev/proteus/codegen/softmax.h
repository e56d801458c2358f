/* What a KIND of softmax makes of a line: of x, what is folded; of y and its gradient g, too. */
#define SOFTMAX 0
#define LOG_SOFTMAX 1
#define SOFTMAX_BACKWARD 2
#define LOG_SOFTMAX_BACKWARD 3
#if KIND == SOFTMAX
#define RESULT(x, top, sum) (exp((x) - (top)) / (sum))
#elif KIND == LOG_SOFTMAX
#define RESULT(x, top, sum) ((x) - (top) - (sum))
#elif KIND == SOFTMAX_BACKWARD
#define TERM(y, g) ((y) * (g))
#define RESULT(y, g, sum) (((g) - (sum)) * (y))
#else
#define TERM(y, g) (g)
#define RESULT(y, g, sum) ((g) - exp(y) * (sum))
#endif

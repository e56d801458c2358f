/* The gradient of rows that were brought to mean square 1 and weighed. Teams take parts of the rows;
   what each part adds to the gradients of weight and bias is kept for itself. Words: rows, their
   length, eps, parts, rows of a part. */
KERNEL row_norm_backward(
    GLOBAL const ELEMENT* RESTRICT g,
    GLOBAL const ELEMENT* RESTRICT x,
    GLOBAL const ELEMENT* RESTRICT weight,
    GLOBAL ELEMENT* RESTRICT gx,
    GLOBAL VALUE* RESTRICT of_weight,
    GLOBAL VALUE* RESTRICT of_bias,
    GLOBAL i32* errors,
    words a) {
  TEAM_MEMORY(VALUE)
  const idx n = a.v[1];
#if WEIGHTS > 0
  GLOBAL const ELEMENT* RESTRICT scales = weight + START(2);
#define ABOVE(j) (LOAD(grad, j) * LOAD(scales, j))
#else
#define ABOVE(j) LOAD(grad, j)
#endif
  FOR_TEAMS(part, a.v[3])
#if WEIGHTS > 0
    GLOBAL VALUE* RESTRICT along_weight = of_weight + START(4) + part * n;
    GLOBAL VALUE* RESTRICT along_bias = of_bias + START(5) + part * n;
    FOR_TEAM(j, n)
      along_weight[j] = 0;
      along_bias[j] = 0;
    END
#endif
    const idx end = (part + 1) * a.v[4] < a.v[0] ? (part + 1) * a.v[4] : a.v[0];
    for (idx row = part * a.v[4]; row < end; row++) {
      GLOBAL const ELEMENT* RESTRICT grad = g + START(0) + row * n;
      GLOBAL const ELEMENT* RESTRICT from = x + START(1) + row * n;
      GLOBAL ELEMENT* RESTRICT to = gx + START(3) + row * n;
      MOMENTS(from, n, CONSTANT(a.v[2]))
      FOLD(along, VALUE, 0, ADD, j, n, ABOVE(j) * ((LOAD(from, j) - mean) * factor))
      along /= (VALUE) n;
#if CENTRED
      FOLD(above, VALUE, 0, ADD, j, n, ABOVE(j))
      above /= (VALUE) n;
#else
      const VALUE above = 0;
#endif
      FOR_TEAM(j, n)
        const VALUE value = (LOAD(from, j) - mean) * factor;
        const VALUE result = (ABOVE(j) - above - value * along) * factor;
#if WEIGHTS > 0
        const VALUE own = LOAD(grad, j);
        along_weight[j] += own * value;
        along_bias[j] += own;
#endif
        STORE(to, j, result)
      END
    }
  END
}

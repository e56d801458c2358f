/* The gradient of a softmax or its logarithm along rows. Words: rows, their length. */
KERNEL softmax_backward(
    GLOBAL const ELEMENT* RESTRICT y,
    GLOBAL const ELEMENT* RESTRICT g,
    GLOBAL ELEMENT* RESTRICT gx,
    GLOBAL i32* errors,
    words a) {
  TEAM_MEMORY(VALUE)
  const idx n = a.v[1];
  FOR_TEAMS(row, a.v[0])
    GLOBAL const ELEMENT* RESTRICT result = y + START(0) + row * n;
    GLOBAL const ELEMENT* RESTRICT grad = g + START(1) + row * n;
    GLOBAL ELEMENT* RESTRICT to = gx + START(2) + row * n;
    FOLD(sum, VALUE, 0, ADD, j, n, TERM(LOAD(result, j), LOAD(grad, j)))
    FOR_TEAM(j, n)
      const VALUE of_result = LOAD(result, j);
      const VALUE of_grad = LOAD(grad, j);
      STORE(to, j, RESULT(of_result, of_grad, sum))
    END
  END
}

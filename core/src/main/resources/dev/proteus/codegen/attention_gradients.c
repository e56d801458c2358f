/* Gradients of weights become those of the products of queries and keys, in place. Words: rows, their
   length, and in the fourth the scale. */
KERNEL attention_gradients(
    GLOBAL VALUE* RESTRICT gradients,
    GLOBAL const VALUE* RESTRICT weights,
    GLOBAL i32* errors,
    words a) {
  TEAM_MEMORY(VALUE)
  const idx n = a.v[1];
  const VALUE scale = CONSTANT(a.v[3]);
  FOR_TEAMS(row, a.v[0])
    GLOBAL VALUE* line = gradients + row * n;
    GLOBAL const VALUE* weight = weights + row * n;
    FOLD(along, VALUE, 0, ADD, j, n, line[j] * weight[j])
    FOR_TEAM(j, n)
      line[j] = (line[j] - along) * weight[j] * scale;
    END
  END
}

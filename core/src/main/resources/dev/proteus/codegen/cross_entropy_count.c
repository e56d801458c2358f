/* What all targets count, added up by one team. Words: rows, the class that is ignored. */
KERNEL cross_entropy_count(
    GLOBAL const i64* RESTRICT target,
    GLOBAL const ELEMENT* RESTRICT weight,
    GLOBAL VALUE* RESTRICT y,
    GLOBAL i32* errors,
    words a) {
  TEAM_MEMORY(VALUE)
  const idx rows = a.v[0];
  GLOBAL const i64* RESTRICT classes = target + START(0);
  GLOBAL const ELEMENT* RESTRICT class_weights = weight + START(1);
  FOR_TEAMS(task, 1)
    FOLD(count, VALUE, 0, ADD, j, rows, COUNT_OF(classes[j], a.v[1]))
    if (IS_FIRST_OF_TEAM) {
      y[START(2)] = count;
    }
  END
}

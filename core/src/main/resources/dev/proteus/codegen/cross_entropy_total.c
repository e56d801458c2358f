/* The losses of rows added up by one team, for their mean divided by what the targets count. Words:
   rows, whether it is the mean, the class that is ignored. */
KERNEL cross_entropy_total(
    GLOBAL const VALUE* RESTRICT losses,
    GLOBAL const i64* RESTRICT target,
    GLOBAL const ELEMENT* RESTRICT weight,
    GLOBAL ELEMENT* RESTRICT y,
    GLOBAL i32* errors,
    words a) {
  TEAM_MEMORY(VALUE)
  const idx rows = a.v[0];
  GLOBAL const VALUE* RESTRICT from = losses + START(0);
  GLOBAL const i64* RESTRICT classes = target + START(1);
  GLOBAL const ELEMENT* RESTRICT class_weights = weight + START(2);
  FOR_TEAMS(task, 1)
    FOLD(sum, VALUE, 0, ADD, j, rows, from[j])
    if (a.v[1]) {
      FOLD(count, VALUE, 0, ADD, j, rows, COUNT_OF(classes[j], a.v[2]))
      sum /= count;
    }
    if (IS_FIRST_OF_TEAM) {
      STORE(y, START(3), sum)
    }
  END
}

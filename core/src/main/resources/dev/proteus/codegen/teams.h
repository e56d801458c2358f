/* How tasks are shared among teams, and the elements of a task among the members of its team. Where
   loops go by chunks a team is one item, which has neighbouring tasks; else it is a group.

   FOR_TEAMS(t, n) statements of a task END
   FOR_TEAM(j, n) statements of an element END
   TEAM_MEMORY(type) at the top of a kernel that has a FOLD of that type
   FOLD(r, type, neutral, combine, j, n, value) declares r in every member: the values of all j < n,
   combined. The sizes alone decide in which order. */
#if CHUNKS
#define FOR_TEAMS(t, n) FOR_EACH(t, n)
#define FOR_TEAM(j, n) { for (idx j = 0; j < (n); j++) {
#define IS_FIRST_OF_TEAM 1
#define TEAM_BARRIER()
#define TEAM_MEMORY(type)
#define OVER_TEAM(r, type, combine)
/* Sixteen at a time, of which the compiler makes vectors. */
#define FOLD(r, type, neutral, combine, j, n, value) \
  type r = neutral; \
  { \
    type r##_lanes[16]; \
    for (i32 u = 0; u < 16; u++) { \
      r##_lanes[u] = neutral; \
    } \
    idx r##_at = 0; \
    for (; r##_at + 16 <= (n); r##_at += 16) { \
      for (i32 u = 0; u < 16; u++) { \
        const idx j = r##_at + u; \
        r##_lanes[u] = combine(r##_lanes[u], value); \
      } \
    } \
    for (idx j = r##_at; j < (n); j++) { \
      r = combine(r, value); \
    } \
    for (i32 u = 0; u < 16; u++) { \
      r = combine(r, r##_lanes[u]); \
    } \
  }
#else
/* Items of a group: Programs launches as many. */
#define TEAM 256
#define FOR_TEAMS(t, n) { for (idx t = GROUP(0); t < (n); t += ITEMS(0) / TEAM) {
#define FOR_TEAM(j, n) { for (idx j = LANE(0); j < (n); j += TEAM) {
#define IS_FIRST_OF_TEAM (LANE(0) == 0)
#define TEAM_BARRIER() BARRIER()
#define MEMORY_OF(type) JOINED(memory_of_, type)
#define TEAM_MEMORY(type) LOCAL type MEMORY_OF(type)[TEAM];
#define FOLD(r, type, neutral, combine, j, n, value) \
  type r = neutral; \
  for (idx j = LANE(0); j < (n); j += TEAM) { \
    r = combine(r, value); \
  } \
  OVER_TEAM(r, type, combine)
/* What every member has of r, combined. */
#define OVER_TEAM(r, type, combine) \
  MEMORY_OF(type)[LANE(0)] = r; \
  BARRIER(); \
  for (i32 half_ = TEAM / 2; half_ > 0; half_ >>= 1) { \
    if (LANE(0) < half_) { \
      MEMORY_OF(type)[LANE(0)] = \
          combine(MEMORY_OF(type)[LANE(0)], MEMORY_OF(type)[LANE(0) + half_]); \
    } \
    BARRIER(); \
  } \
  r = MEMORY_OF(type)[0]; \
  BARRIER();
#endif

#define ADD(a, b) ((a) + (b))
DEVICE VALUE square(VALUE a) { return a * a; }
DEVICE VALUE larger(VALUE a, VALUE b) { return a > b || a != a ? a : b; }

/* Where operand k starts, in the order of the pointers. */
#define START(k) a.v[16 + (k)]

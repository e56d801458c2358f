/* Elements as entries that are all different: a key whose order as an unsigned number is the order
   wanted, and the element's place, so that equal ones keep their order. Both zeros are one key, and
   all NaN are one that is larger than any number's. KIND: 0 ascending, 1 descending. */
#if BITS == 64
typedef struct {
  u64 key;
  i64 place;
} entry;
#define BEFORE(a, b) ((a).key < (b).key || ((a).key == (b).key && (a).place < (b).place))
#define PLACE_OF(e) ((e).place)
#define DIGIT(e, shift) ((i32) ((e).key >> (shift) & 0xff))
#define KEY_BITS 64
#else
typedef u64 entry;
#define BEFORE(a, b) ((a) < (b))
#define PLACE_OF(e) ((i64) ((e) & 0xffffffffu))
#define DIGIT(e, shift) ((i32) ((e) >> (32 + (shift)) & 0xff))
#define KEY_BITS 32
#endif

DEVICE entry entry_of(u64 key, i64 place) {
#if BITS == 64
  entry made;
  made.key = key;
  made.place = place;
  return made;
#else
  return key << 32 | (u64) place;
#endif
}
DEVICE u64 key_of(VALUE x) {
#if FLOATING && BITS == 64
  const u64 bits = x != x ? (u64) 0x7ff8000000000000 : x == 0 ? (u64) 0 : F64_BITS(x);
  const u64 key = bits >> 63 ? ~bits : bits | (u64) 0x8000000000000000;
#elif FLOATING
  const u32 bits = x != x ? 0x7fc00000u : x == 0 ? 0u : F32_BITS(x);
  const u32 key = bits >> 31 ? ~bits : bits | 0x80000000u;
#elif BITS == 64
  const u64 key = (u64) x ^ (u64) 0x8000000000000000;
#else
  const u32 key = (u32) (i32) x ^ 0x80000000u;
#endif
  return KIND == 0 ? (u64) key : (u64) ~key;
}

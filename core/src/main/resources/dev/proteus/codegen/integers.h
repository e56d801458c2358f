/* What a kernel notes for the host to throw; see KernelErrors. */
#define DIVISION_BY_ZERO 1
#define INDEX_OUT_OF_RANGE 2

/* Integers wrap (rule DT-20); C leaves that open for signed ones. */
DEVICE i64 add_i64(i64 a, i64 b) { return (i64) ((u64) a + (u64) b); }
DEVICE i64 sub_i64(i64 a, i64 b) { return (i64) ((u64) a - (u64) b); }
DEVICE i64 mul_i64(i64 a, i64 b) { return (i64) ((u64) a * (u64) b); }

/* A division by zero is noted for the host, which throws (rule DT-22). */
DEVICE i64 trunc_div_i64(i64 a, i64 b, GLOBAL i32* errors) {
  if (b == 0) {
    *errors = DIVISION_BY_ZERO;
    return 0;
  }
  return b == -1 ? sub_i64(0, a) : a / b;
}
DEVICE i64 fmod_i64(i64 a, i64 b, GLOBAL i32* errors) {
  return sub_i64(a, mul_i64(trunc_div_i64(a, b, errors), b));
}
DEVICE i64 floor_div_i64(i64 a, i64 b, GLOBAL i32* errors) {
  i64 quotient = trunc_div_i64(a, b, errors);
  return mul_i64(quotient, b) != a && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}
DEVICE i64 modulo_i64(i64 a, i64 b, GLOBAL i32* errors) {
  i64 rest = fmod_i64(a, b, errors);
  return rest != 0 && (rest < 0) != (b < 0) ? add_i64(rest, b) : rest;
}

/* By squaring; a negative exponent leaves only powers of 1 and -1 (rule DT-23). */
DEVICE i64 power_i64(i64 base, i64 exponent) {
  if (exponent < 0) {
    return base == 1 ? 1 : base == -1 ? ((exponent & 1) == 0 ? 1 : -1) : 0;
  }
  i64 result = 1;
  for (i64 rest = exponent; rest != 0; rest >>= 1) {
    if (rest & 1) {
      result = mul_i64(result, base);
    }
    base = mul_i64(base, base);
  }
  return result;
}
DEVICE i64 shl_i64(i64 a, i64 count, i64 width) {
  return count < 0 || count >= width ? 0 : (i64) ((u64) a << count);
}
DEVICE i64 shr_i64(i64 a, i64 count, i64 width) {
  return a >> (count < 0 || count >= width ? 63 : count);
}

/* Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): word index & 3
   of the block with key seed and counter index >> 2. */
DEVICE i64 philox(i64 seed, i64 index) {
  i64 counter = index >> 2;
  u32 a = (u32) counter;
  u32 b = (u32) ((u64) counter >> 32);
  u32 c = 0;
  u32 d = 0;
  u32 key0 = (u32) seed;
  u32 key1 = (u32) ((u64) seed >> 32);
  for (i32 round = 0; round < 10; round++) {
    u32 high0 = HIGH_WORD(0xD2511F53u, a);
    u32 low0 = 0xD2511F53u * a;
    u32 high1 = HIGH_WORD(0xCD9E8D57u, c);
    u32 low1 = 0xCD9E8D57u * c;
    a = high1 ^ b ^ key0;
    b = low1;
    c = high0 ^ d ^ key1;
    d = low0;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  i32 word = (i32) (index & 3);
  return (i64) (word == 0 ? a : word == 1 ? b : word == 2 ? c : d);
}

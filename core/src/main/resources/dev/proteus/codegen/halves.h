/* bfloat16 is the upper half of a float32, to the nearest, of two the even one. */
DEVICE f32 bf16_to_f32(u16 bits) { return BITS_F32((u32) bits << 16); }
DEVICE u16 f32_to_bf16(f32 x) {
  u32 bits = F32_BITS(x);
  if ((bits & 0x7fffffffu) > 0x7f800000u) {
    return (u16) ((bits >> 16) | 0x40u);
  }
  return (u16) ((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}
DEVICE f32 round_f16(f32 x) { return f16_to_f32(f32_to_f16(x)); }
DEVICE f32 round_bf16(f32 x) { return bf16_to_f32(f32_to_bf16(x)); }

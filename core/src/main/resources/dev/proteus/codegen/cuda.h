/* The words of CUDA C++. Compile with --fmad=false, so that sums and products are rounded each. */
typedef long long i64;
typedef unsigned long long u64;
typedef int i32;
typedef unsigned int u32;
typedef short i16;
typedef unsigned short u16;
typedef signed char i8;
typedef unsigned char u8;
typedef float f32;
#if DOUBLES
typedef double f64;
#define BITS_F64(x) __longlong_as_double((i64) (x))
#define F64_BITS(x) ((u64) __double_as_longlong(x))
#endif
#define BITS_F32(x) __uint_as_float(x)
#define F32_BITS(x) __float_as_uint(x)
#define UNROLL _Pragma("unroll")
#define JOINED_(a, b) a##b
#define JOINED(a, b) JOINED_(a, b)
#define KERNEL extern "C" __global__ void
#define GLOBAL
#define LOCAL __shared__
#define TABLE(type, name) static __device__ const type name[]
#define DEVICE static __device__ __forceinline__
#define RESTRICT __restrict__
#define BARRIER() __syncthreads()
#define AXIS_(triple, axis) ((axis) == 0 ? (triple).x : (axis) == 1 ? (triple).y : (triple).z)
#define GROUP(axis) ((idx) AXIS_(blockIdx, axis))
#define LANE(axis) ((i32) AXIS_(threadIdx, axis))
#define LANES(axis) ((i32) AXIS_(blockDim, axis))
#define ITEM(axis) (GROUP(axis) * LANES(axis) + LANE(axis))
#define ITEMS(axis) ((idx) AXIS_(gridDim, axis) * LANES(axis))
#define HIGH_WORD(a, b) __umulhi((u32) (a), (u32) (b))
DEVICE f32 f16_to_f32(u16 bits) {
  f32 x;
  asm("cvt.f32.f16 %0, %1;" : "=f"(x) : "h"(bits));
  return x;
}
DEVICE u16 f32_to_f16(f32 x) {
  u16 bits;
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(bits) : "f"(x));
  return bits;
}

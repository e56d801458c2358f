/* The words of OpenCL C 1.2. */
#if DOUBLES
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif
#pragma OPENCL FP_CONTRACT OFF
typedef long i64;
typedef ulong u64;
typedef int i32;
typedef uint u32;
typedef short i16;
typedef ushort u16;
typedef char i8;
typedef uchar u8;
typedef float f32;
#if DOUBLES
typedef double f64;
#define BITS_F64(x) as_double(x)
#define F64_BITS(x) as_ulong(x)
#endif
#define BITS_F32(x) as_float(x)
#define F32_BITS(x) as_uint(x)
/* Vectors, which only texts for processors use. */
typedef float4 f32x4;
typedef float8 f32x8;
typedef float16 f32x16;
#if DOUBLES
typedef double2 f64x2;
typedef double4 f64x4;
typedef double8 f64x8;
#endif
#define JOINED_(a, b) a##b
#define JOINED(a, b) JOINED_(a, b)
#define VECTOR(type, n) JOINED(JOINED(type, x), n)
#define VECTOR_LOAD(n) JOINED(vload, n)
#define VECTOR_STORE(n) JOINED(vstore, n)
#define UNROLL _Pragma("unroll")
#define KERNEL __kernel void
#define GLOBAL __global
#define LOCAL __local
#define TABLE(type, name) __constant type name[]
#define DEVICE static inline
#define RESTRICT restrict
#define BARRIER() barrier(CLK_LOCAL_MEM_FENCE)
#define ITEM(axis) ((idx) get_global_id(axis))
#define ITEMS(axis) ((idx) get_global_size(axis))
#define GROUP(axis) ((idx) get_group_id(axis))
#define LANE(axis) ((i32) get_local_id(axis))
#define LANES(axis) ((i32) get_local_size(axis))
#define HIGH_WORD(a, b) mul_hi((u32) (a), (u32) (b))
DEVICE f32 f16_to_f32(u16 bits) { return vload_half(0, (const half*) &bits); }
DEVICE u16 f32_to_f16(f32 x) {
  u16 bits;
  vstore_half_rte(x, 0, (half*) &bits);
  return bits;
}

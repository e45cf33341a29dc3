// The kernels' one definition. Included once per instruction set, between the target attribute and the table. ROWS and
// VECTORS are the size of the float product's register tile.
//
// A vector is sixteen floats; the compiler splits it where registers are shorter. Lanes are added up in one order
// (`total`), and multiply-adds are fused where it says so (`fused`) and nowhere else, so all instruction sets round
// alike. (SSE2 has no fused multiply-add: there, the C library computes it.)
#include <string.h>

#include "CEncoderKernels.h"

#pragma STDC FP_CONTRACT OFF
// Every function with vectors in its signature is inlined, so their calling convention does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float f4 __attribute__((vector_size(16)));
typedef float f8 __attribute__((vector_size(32)));
typedef float f16 __attribute__((vector_size(64)));
typedef int32_t i16 __attribute__((vector_size(64)));
typedef uint32_t u16 __attribute__((vector_size(64)));
typedef uint8_t b16 __attribute__((vector_size(16)));
enum { LANES = 16 };

#define INLINE static inline __attribute__((always_inline))

INLINE f16 load(const float *p) {
  f16 v;
  memcpy(&v, p, sizeof v);
  return v;
}
INLINE i16 load_ints(const int32_t *p) {
  i16 v;
  memcpy(&v, p, sizeof v);
  return v;
}
INLINE void store(float *p, f16 v) { memcpy(p, &v, sizeof v); }
INLINE f16 all(float x) { return (f16){0} + x; }
INLINE f16 chosen(i16 mask, f16 a, f16 b) { return (f16)((mask & (i16)a) | (~mask & (i16)b)); }
// a · b + c, rounded once.
INLINE f16 fused(f16 a, f16 b, f16 c) { return __builtin_elementwise_fma(a, b, c); }
INLINE i16 chosen_ints(i16 mask, i16 a, i16 b) { return (mask & a) | (~mask & b); }
INLINE f16 larger(f16 a, f16 b) { return chosen(a > b, a, b); }
INLINE f16 smaller(f16 a, f16 b) { return chosen(a < b, a, b); }

// Lane i of the lower half plus lane i of the upper one, four times.
INLINE float total(f16 v) {
  f8 a = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
         __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
  f4 b = __builtin_shufflevector(a, a, 0, 1, 2, 3) + __builtin_shufflevector(a, a, 4, 5, 6, 7);
  f4 c = b + __builtin_shufflevector(b, b, 2, 3, 2, 3);
  return c[0] + c[1];
}

INLINE float largest(f16 v) {
  v = larger(v, __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
  v = larger(v, __builtin_shufflevector(v, v, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7));
  v = larger(v, __builtin_shufflevector(v, v, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3));
  return v[0] > v[1] ? v[0] : v[1];
}

// To nearest, ties to even, for |v| below 2^22: adding 1.5 · 2^23 leaves the integer in the low bits.
static const float rounder = 12582912.0f;
enum { rounder_bits = 0x4b400000 };
INLINE u16 rounded(f16 v) { return (u16)(v + rounder) - rounder_bits; }

static void normalise(const float *row, const float *weights, const float *biases, int count, float *out) {
  f16 sums = {0}, squares = {0};
  for (int i = 0; i < count; i += LANES) sums += load(row + i);
  const float mean = total(sums) / (float)count;
  for (int i = 0; i < count; i += LANES) {
    f16 x = load(row + i) - mean;
    squares = fused(x, x, squares);
  }
  const float factor = 1 / __builtin_sqrtf(total(squares) / (float)count + 1e-5f);
  for (int i = 0; i < count; i += LANES) {
    store(out + i, fused((load(row + i) - mean) * factor, load(weights + i), load(biases + i)));
  }
}

static serd_encoder_grid quantise(const float *row, int count, uint8_t flip, uint8_t *cells, ptrdiff_t stride) {
  f16 high = {0}, low = {0};
  for (int i = 0; i < count; i += LANES) {
    f16 x = load(row + i);
    high = larger(x, high);
    low = smaller(x, low);
  }
  const float lowest = -largest(-low), range = largest(high) - lowest;
  const float scale = (range > 1e-12f ? range : 1e-12f) / 255;
  const float steps = 1 / scale;
  const u16 zero = -128 - rounded(all(lowest * steps));
  const i16 least = (i16){0} - 128, most = (i16){0} + 127;
  for (int i = 0; i < count; i += LANES, cells += 4 * stride) {
    i16 q = (i16)(rounded(load(row + i) * steps) + zero);
    q = chosen_ints(q > least, q, least);
    q = chosen_ints(q < most, q, most);
    b16 bytes = __builtin_convertvector(q, b16) ^ flip;
    for (int cell = 0; cell < 4; cell++) memcpy(cells + cell * stride, (const uint8_t *)&bytes + 4 * cell, 4);
  }
  return (serd_encoder_grid){scale, (int32_t)zero[0]};
}

// Φ(x) - 1/2 is odd: x times a polynomial of degree 8 in x², fitted for the least largest error up to 4.25. Beyond, it
// is taken to be constant. Each coefficient was rounded before the next was fitted. The error of x Φ(x) is at most 5e-5
// for |x| up to 12.
INLINE f16 gelu(f16 x) {
  const f16 limit = all(4.25f);
  f16 u = larger(smaller(x, limit), -limit), s = u * u;
  f16 p = all(5.56484962e-11f);
  p = fused(p, s, all(-5.32775069e-9f));
  p = fused(p, s, all(2.25542564e-7f));
  p = fused(p, s, all(-5.6264239e-6f));
  p = fused(p, s, all(9.34186537e-5f));
  p = fused(p, s, all(-1.10856048e-3f));
  p = fused(p, s, all(9.81596857e-3f));
  p = fused(p, s, all(-6.63444847e-2f));
  p = fused(p, s, all(0.398902297f));
  return x * fused(u, p, all(0.5f));
}

INLINE void dequantise_to(
    const serd_encoder_end end, const int32_t *sums, serd_encoder_grid grid, const int32_t *weight_sums,
    const float *weight_scales, const float *biases, int count, float *out) {
  for (int i = 0; i < count; i += LANES) {
    f16 sum = __builtin_convertvector(load_ints(sums + i) - grid.zero * load_ints(weight_sums + i), f16);
    f16 value = fused(sum, grid.scale * load(weight_scales + i), load(biases + i));
    if (end == serd_encoder_gelu) value = gelu(value);
    if (end == serd_encoder_add) value = load(out + i) + value;
    store(out + i, value);
  }
}

static void dequantise(
    const int32_t *sums, serd_encoder_grid grid, const int32_t *weight_sums, const float *weight_scales,
    const float *biases, int count, serd_encoder_end end, float *out) {
  switch (end) {
    case serd_encoder_store:
      dequantise_to(serd_encoder_store, sums, grid, weight_sums, weight_scales, biases, count, out);
      break;
    case serd_encoder_gelu:
      dequantise_to(serd_encoder_gelu, sums, grid, weight_sums, weight_scales, biases, count, out);
      break;
    case serd_encoder_add:
      dequantise_to(serd_encoder_add, sums, grid, weight_sums, weight_scales, biases, count, out);
      break;
  }
}

static void add(float *row, const float *addend, int count) {
  for (int i = 0; i < count; i += LANES) store(row + i, load(row + i) + load(addend + i));
}

// `vectors` vectors of columns of the result for `count` rows.
INLINE void multiply_tile(
    const int count, const int vectors, const float *a, ptrdiff_t a_stride, const float *b, ptrdiff_t b_stride,
    float *out, ptrdiff_t out_stride, int depth) {
  f16 sums[ROWS][VECTORS];
#pragma clang loop unroll(full)
  for (int r = 0; r < count; r++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) sums[r][v] = (f16){0};
  }
  for (int k = 0; k < depth; k++) {
    f16 right[VECTORS];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) right[v] = load(b + k * b_stride + v * LANES);
#pragma clang loop unroll(full)
    for (int r = 0; r < count; r++) {
      f16 left = all(a[r * a_stride + k]);
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sums[r][v] = fused(left, right[v], sums[r][v]);
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < count; r++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) store(out + r * out_stride + v * LANES, sums[r][v]);
  }
}

INLINE void multiply_rows(
    const int count, const float *a, ptrdiff_t a_stride, const float *b, ptrdiff_t b_stride, float *out,
    ptrdiff_t out_stride, int depth, int columns) {
  int c = 0;
  for (; c + VECTORS * LANES <= columns; c += VECTORS * LANES) {
    multiply_tile(count, VECTORS, a, a_stride, b + c, b_stride, out + c, out_stride, depth);
  }
  for (; c < columns; c += LANES) multiply_tile(count, 1, a, a_stride, b + c, b_stride, out + c, out_stride, depth);
}

static void multiply(
    const float *a, ptrdiff_t a_stride, const float *b, ptrdiff_t b_stride, float *out, ptrdiff_t out_stride, int rows,
    int depth, int columns) {
  int row = 0;
  for (; row + ROWS <= rows; row += ROWS) {
    multiply_rows(ROWS, a + row * a_stride, a_stride, b, b_stride, out + row * out_stride, out_stride, depth, columns);
  }
  for (; row < rows; row++) {
    multiply_rows(1, a + row * a_stride, a_stride, b, b_stride, out + row * out_stride, out_stride, depth, columns);
  }
}

// exp(x) = 2^n exp(f) with n = round(x / ln 2) and |f| at most ln 2 / 2; exp(f) by a polynomial of degree 6. ln 2 is in
// two parts, the first with few bits, so that n times it is exact. Below -87, where the result would no longer be a
// normal number, it is that of -87.
INLINE f16 exponential(f16 x) {
  x = larger(x, all(-87.0f));
  f16 n = fused(x, all(1.44269504f), all(rounder)) - rounder;
  f16 f = fused(n, all(2.12194440e-4f), fused(n, all(-0.693359375f), x));
  f16 p = all(1.3941013e-3f);
  p = fused(p, f, all(8.36311281e-3f));
  p = fused(p, f, all(4.16663773e-2f));
  p = fused(p, f, all(0.166665778f));
  p = fused(p, f, all(0.5f));
  p = fused(p, f * f, f) + 1.0f;
  return (f16)((u16)p + (rounded(n) << 23));
}

static void softmax(float *row, int count) {
  const int whole = count / LANES * LANES;
  f16 highest = all(row[0]);
  for (int i = 0; i < whole; i += LANES) highest = larger(load(row + i), highest);
  float most = largest(highest);
  for (int i = whole; i < count; i++) most = row[i] > most ? row[i] : most;
  f16 sums = {0};
  for (int i = 0; i < whole; i += LANES) {
    f16 value = exponential(load(row + i) - most);
    store(row + i, value);
    sums += value;
  }
  if (whole < count) {
    float rest[LANES] = {0};
    memcpy(rest, row + whole, (size_t)(count - whole) * sizeof(float));
    store(rest, exponential(load(rest) - most));
    for (int i = count - whole; i < LANES; i++) rest[i] = 0;
    memcpy(row + whole, rest, sizeof rest);
    sums += load(rest);
  }
  const float reciprocal = 1 / total(sums);
  for (int i = 0; i < count; i += LANES) store(row + i, load(row + i) * reciprocal);
}

// Squares of four by four.
static void transpose(const float *rows, ptrdiff_t stride, int count, int columns, float *out, ptrdiff_t out_stride) {
  for (int row = 0; row < count; row += 4) {
    for (int column = 0; column < columns; column += 4) {
      f4 r[4];
      for (int i = 0; i < 4; i++) memcpy(&r[i], rows + (row + i) * stride + column, sizeof r[i]);
      f4 a = __builtin_shufflevector(r[0], r[1], 0, 4, 1, 5), b = __builtin_shufflevector(r[2], r[3], 0, 4, 1, 5);
      f4 c = __builtin_shufflevector(r[0], r[1], 2, 6, 3, 7), d = __builtin_shufflevector(r[2], r[3], 2, 6, 3, 7);
      f4 turned[4] = {
          __builtin_shufflevector(a, b, 0, 1, 4, 5), __builtin_shufflevector(a, b, 2, 3, 6, 7),
          __builtin_shufflevector(c, d, 0, 1, 4, 5), __builtin_shufflevector(c, d, 2, 3, 6, 7)};
      for (int i = 0; i < 4; i++) memcpy(out + (column + i) * out_stride + row, &turned[i], sizeof turned[i]);
    }
  }
}

static void pool(const float *values, int rows, int count, float *means, float *deviations) {
  for (int i = 0; i < count; i += LANES) {
    f16 sum = {0}, squares = {0};
    for (int row = 0; row < rows; row++) sum += load(values + (ptrdiff_t)row * count + i);
    f16 mean = sum / (float)rows;
    for (int row = 0; row < rows; row++) {
      f16 x = load(values + (ptrdiff_t)row * count + i) - mean;
      squares = fused(x, x, squares);
    }
    store(means + i, mean);
    store(deviations + i, squares / (float)rows);
    for (int lane = 0; lane < LANES; lane++) deviations[i + lane] = __builtin_sqrtf(deviations[i + lane]);
  }
}

#define KERNELS(name) \
  {name, normalise, quantise, dequantise, add, multiply, softmax, transpose, pool}

// The speech encoder's loops in single precision, in C because Swift cannot ask for AVX2 in one function. Its products
// of bytes are CInt8Kernels' `multiply`.
//
// The same bits on every instruction set: additions have one order, it is fixed which multiply-adds are fused, and
// exponential and normal distribution are polynomials of our own. `EncoderArithmetic` in Swift is the specification.
//
// Here is arithmetic only: no policy, no allocation, no checks. Counts are multiples of 16 unless it is said otherwise.
// Nothing is shared between calls: any thread may call anything.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef enum {
  serd_encoder_baseline,
  serd_encoder_avx2,
  serd_encoder_avx512,
} serd_encoder_instruction_set;

/// A row's grid: value = scale × (q - zero).
typedef struct {
  float scale;
  int32_t zero;
} serd_encoder_grid;

/// What becomes of a product's values.
typedef enum {
  serd_encoder_store,
  serd_encoder_gelu,
  serd_encoder_add,
} serd_encoder_end;

/// The kernels of one instruction set.
typedef struct {
  const char *name;

  /// Layer norm: (x - mean) / √(variance + 1e-5) · weights + biases.
  void (*normalise)(const float *row, const float *weights, const float *biases, int count, float *out);

  /// A row to bytes on the smallest grid that holds all its values and 0; q ^ flip is stored. Four neighbours are a
  /// cell, and cells are `stride` bytes apart (`serd_int8_kernels.multiply`).
  serd_encoder_grid (*quantise)(const float *row, int count, uint8_t flip, uint8_t *cells, ptrdiff_t stride);

  /// From a product's sums to values: (sum - zero · weight_sums) · (scale · weight_scales) + biases; then x Φ(x) of
  /// them, or they are added to what `out` holds. But for the addition, `out` may be the sums' own memory.
  void (*dequantise)(
      const int32_t *sums, serd_encoder_grid grid, const int32_t *weight_sums, const float *weight_scales,
      const float *biases, int count, serd_encoder_end end, float *out);

  /// row[i] += addend[i].
  void (*add)(float *row, const float *addend, int count);

  /// out[r][c] = Σ_k a[r][k] b[k][c], k ascending, for c below `columns`. Rows are `a_stride`, `b_stride` and
  /// `out_stride` floats apart; `rows` and `depth` are any numbers.
  void (*multiply)(
      const float *a, ptrdiff_t a_stride, const float *b, ptrdiff_t b_stride, float *out, ptrdiff_t out_stride,
      int rows, int depth, int columns);

  /// exp(x - largest) of `count` values (any number), over their sum; zeros up to a multiple of sixteen.
  void (*softmax)(float *row, int count);

  /// out[c][r] = rows[r][c]. Rows are `stride` and `out_stride` floats apart. `count` rows are rounded up to a multiple
  /// of four, which must be there.
  void (*transpose)(const float *rows, ptrdiff_t stride, int count, int columns, float *out, ptrdiff_t out_stride);

  /// The columns' means, then their deviations, over `rows` rows (any number) of `count` values.
  void (*pool)(const float *values, int rows, int count, float *means, float *deviations);
} serd_encoder_kernels;

/// The kernels of an instruction set, or NULL if this processor or this build does not have it.
const serd_encoder_kernels *serd_encoder_kernels_for(serd_encoder_instruction_set);

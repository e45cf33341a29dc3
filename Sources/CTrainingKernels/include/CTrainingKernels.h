// The trainer's loops that are worth wide registers, in C because Swift cannot ask for AVX-512 in one function.
//
// Every kernel has one definition (template*.h), compiled once per instruction set. Unlike the front end's, results
// differ in rounding between instruction sets (multiply-adds are fused where the processor can); on one they depend on
// the arguments alone. No function allocates or fails; pointers need no alignment; any number of channels is right,
// multiples of sixteen are fast.
#pragma once
#include <stdint.h>

// Images of height x width x channels floats, image_stride elements apart, cut into tiles of tile_height (2 or 4) x 2
// pixels, which are numbered image by image, row by row. Tiles may reach beyond the lower and right edges.
typedef struct {
  int64_t image_stride;
  int32_t height, width, channels, tile_height;
} serd_training_tiling;

// Rows of pixels, width x channels floats each without gaps, and where their average pool is: pooled rows row_stride
// and pooled pixels pixel_stride elements apart. The first row begins a cell of the pool. At the edges a pool takes the
// valid cells.
typedef struct {
  int64_t row_stride, pixel_stride;
  int32_t rows, width, channels, pool_height, pool_width;
} serd_training_pooled_rows;

// Elements from the values of one point to those of the next. A tile's points are written together: without the gap,
// they would fall on the same few lines of the first-level cache.
static inline int64_t serd_training_point_stride(int count, int channels) { return (int64_t)count * channels + 48; }

// The instruction sets that there are kernels for.
typedef enum {
  // What every machine of this architecture has: SSE2 on x86, NEON on Arm.
  serd_training_baseline,
  // With FMA.
  serd_training_avx2,
  // F, BW, DQ, VL.
  serd_training_avx512,
} serd_training_instruction_set;

// The kernels of one instruction set.
typedef struct {
  const char *name;

  // c = a b, or c += a b with `adds`: a is rows x depth, b depth x columns, c rows x columns. Element (i, k) of a is at
  // i a_row + k a_step, so that a may be stored either way; rows of b and c are b_row and c_row apart. Unlike sgemm it
  // packs nothing: meant for operands that are in the second-level cache.
  void (*product)(
      const float *a, int64_t a_row, int64_t a_step, const float *b, int64_t b_row, float *c, int64_t c_row, int rows,
      int columns, int depth, int adds);

  // 3 x 3 convolutions by Winograd's minimal filtering: see WinogradConvolution. A tile has (tile_height + 2) x 4
  // points; each kernel goes between `count` tiles from number `first` on and their points[point][tile][channel], where
  // points lie serd_training_point_stride apart.
  //
  // The tiles of a convolution's input, with the pixel around them; pixels outside the image are zero.
  void (*winograd_input)(const float *images, const serd_training_tiling *tiling, int first, int count, float *points);
  // From products to the convolution's output.
  void (*winograd_output)(const float *points, const serd_training_tiling *tiling, int first, int count, float *images);
  // The transpose of `winograd_output`: gradients with respect to the output, to those with respect to the products.
  void (*winograd_gradient)(
      const float *images, const serd_training_tiling *tiling, int first, int count, float *points);
  // taps[3][3][count] to points[point][count], and its transpose.
  void (*winograd_weights)(const float *taps, int tile_height, int count, float *points);
  void (*winograd_weight_gradient)(const float *points, int tile_height, int count, float *taps);

  // Batch norm's affine map, activation and pool: see PooledActivation. z = scale y + shift per channel (z = y without
  // `scale`); without `slope` the activation is ReLU. `residual` (may be null) has one value per pooled pixel.
  void (*pool)(
      const float *y, const float *scale, const float *shift, const float *slope, const float *residual,
      const serd_training_pooled_rows *shape, float *output);
  // Adds, per channel, the sums of dz, of dz y and of the slope's gradient to sums[3][channels].
  void (*pool_sums)(
      const float *y, const float *scale, const float *shift, const float *slope, const serd_training_pooled_rows *shape,
      const float *gradient, double *sums);
  // y becomes coefficients[0] dz + coefficients[1] y + coefficients[2], of [3][channels].
  void (*pool_gradient)(
      float *y, const float *scale, const float *shift, const float *slope, const float *coefficients,
      const serd_training_pooled_rows *shape, const float *gradient);
  // z becomes dz; adds the slopes' gradients to slope_sums (with `slope`).
  void (*activation_pool_gradient)(
      float *z, const float *slope, const serd_training_pooled_rows *shape, const float *gradient, double *slope_sums);
  // Adds the sums of y and of its squares to sums[2][channels].
  void (*moments)(const float *y, int rows, int width, int channels, double *sums);

  // output[i] += gains[k] input[i - delays[k]] for all i below `count` and k below `echoes`, where i is not below the
  // delay; delays do not fall.
  void (*add_echoes)(
      const float *input, int count, const int32_t *delays, const float *gains, int echoes, float *output);
} serd_training_kernels;

// Null if this processor cannot run them.
const serd_training_kernels *serd_training_kernels_for(serd_training_instruction_set set);

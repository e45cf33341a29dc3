// Int8 convolution kernels: the fused operation (convolution, activation, residual, average pool, requantisation) of
// ARCHITECTURE.md, "Int8 arithmetic". One set of functions per instruction set, all with the same answer to the bit.
// `FusedConvolution` in Swift is the specification.
//
// Here is arithmetic only: no policy, no allocation, no checks. The caller gives valid memory, and weights that
// `QuantisedModel` accepted, so that no sum overflows. Nothing is shared between calls: any thread may call anything.
//
// **Stored bytes.** Activations are kept as `q ^ flip`: q itself where the dot product takes signed bytes, q + 128
// where it takes unsigned ones. The stored zero point is `zeroPoint ^ flip`, and the biases below allow for it.
//
// **Images.** [width][groups][row_stride] cells of 4 bytes, which are 4 neighbouring channels: time runs innermost. So
// the rows of a register tile are neighbours in memory, whatever the width, and a tap to the right is a constant number
// of cells away. Cell (row r, column x, group g) is at `origin + ((x * groups + g) * row_stride + r) * 4`.
// `kernel_height / 2` rows before row 0 and after the last are the halo, which must hold the stored zero point if there
// are 2 or more; a single row at each end may be read, and means nothing. Columns outside are not read.
// `SERD_INT8_SLACK` bytes after the last cell may be read, and mean nothing.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Bytes after an image or plane that kernels may read.
#define SERD_INT8_SLACK 16

typedef enum {
  serd_int8_scalar,
  serd_int8_avx2,
  serd_int8_avxvnni,
  serd_int8_avx512vnni,
  serd_int8_neon,
  serd_int8_neon_dot,
} serd_int8_instruction_set;

/// An image; see above.
typedef struct {
  uint8_t *origin;
  int32_t groups;
  int32_t row_stride;
} serd_int8_image;

/// The one-channel input, stored twice, so that 4 neighbours along either axis are 4 neighbouring bytes: row r and
/// column x is at `across + r * across_stride + x` and at `down + x * down_stride + r`. Around it, half a kernel's rows
/// and columns hold the stored zero point, and `SERD_INT8_SLACK` readable bytes follow.
typedef struct {
  const uint8_t *across, *down;
  int32_t across_stride, down_stride;
} serd_int8_planes;

/// A layer. "Padded" channels are `channels` rounded up to `vector_channels`; their weights and biases are 0.
typedef struct {
  /// Of the convolution's input, and of its output before the pool.
  int32_t height, width;
  int32_t kernel_height, kernel_width;
  int32_t pool_height, pool_width;
  /// Output channels.
  int32_t channels;
  /// 4 input bytes each. For an image: kernel columns × groups of channels × kernel rows, in this order. For a plane:
  /// runs of up to 4 taps along the kernel's rows or, if `is_down`, its columns.
  int32_t steps;
  /// For planes: whether the runs of taps go down (along rows) or across.
  int32_t is_down;
  int32_t output_zero_point;
  /// Whether |sum · scale| of every pool stays below 2^30, whatever the input.
  int32_t is_bounded;
  /// From `pack`.
  const uint8_t *weights;
  /// [width][padded]: bias - stored zero point · Σ w over the taps that are not outside to the left or right. For a
  /// kernel of 3 rows [4][width][padded]: then without the taps of its upper row, of its lower row, and of both.
  /// [1][padded] for a plane.
  const int32_t *biases;
  /// [2][2][padded]: what a pool's sum is multiplied with; the second of each pair for pools that the last row or
  /// column cuts short.
  const float *scales;
  /// PReLU: [2][padded], steps of the grid per unit of a positive and of a negative accumulator. NULL is ReLU.
  const float *grid;
  /// Planes: what a cell's own stored byte adds on PReLU's grid, [256]; or NULL.
  const int32_t *residual;
} serd_int8_layer;

/// A matrix to multiply rows of bytes with. The magnitudes of two neighbouring weights (of inputs 2i and 2i + 1) have a
/// sum of at most 128, so two products of an unsigned byte fit in 16 bits: 255 · 128 = 32,640.
typedef struct {
  /// Output channels, a multiple of 16.
  int32_t channels;
  /// 4 input bytes each.
  int32_t steps;
  /// From `pack_matrix`.
  const uint8_t *weights;
  /// What each channel's sum begins with: without a zero point, 0 for flip 0 and -128 · Σ w for 0x80.
  const int32_t *biases;
} serd_int8_matrix;

/// The kernels of one instruction set.
typedef struct {
  const char *name;
  /// Output channels that one vector holds.
  int32_t vector_channels;
  /// 0 or 0x80; see "Stored bytes".
  uint8_t flip;
  /// Bytes of a layer's packed weights.
  size_t (*packed_size)(int32_t channels, int32_t steps);
  /// Reorders [channels][steps][4] weights for the kernels. `packed` is aligned to 64 bytes.
  void (*pack)(const int8_t *weights, int32_t channels, int32_t steps, uint8_t *packed);
  /// Output rows first..<last of a layer, into the output's groups from `group` on.
  void (*convolve)(
      const serd_int8_layer *, const serd_int8_image *in, const serd_int8_image *out, int32_t group, int32_t first,
      int32_t last);
  /// Output rows 0..<leading too, which is quicker than apart; `leading` is at most `first`.
  void (*convolve_ends)(
      const serd_int8_layer *, const serd_int8_image *in, const serd_int8_image *out, int32_t group, int32_t leading,
      int32_t first, int32_t last);
  /// `convolve` for a layer that reads the one-channel input.
  void (*convolve_plane)(
      const serd_int8_layer *, const serd_int8_planes *in, const serd_int8_image *out, int32_t group, int32_t first,
      int32_t last);
  /// For a global pool: the activated sum of each row first..<last over all columns, [row][padded], row 0 first. The
  /// layer's pool is 1 × 1.
  void (*row_sums)(const serd_int8_layer *, const serd_int8_image *in, int32_t *sums, int32_t first, int32_t last);
  /// Adds up `rows` rows of sums and requantises them, with the layer's first scales: padded stored bytes.
  void (*pool_rows)(const serd_int8_layer *, const int32_t *sums, int32_t rows, uint8_t *out);
  /// out = clamp(round(value / scale) + zero_point), stored.
  void (*quantise)(const float *values, int32_t count, float scale, int32_t zero_point, uint8_t *out);
  /// The most rows of a tile of `multiply`.
  int32_t tile_rows;
  /// Bytes of a matrix's packed weights.
  size_t (*packed_matrix_size)(int32_t channels, int32_t steps);
  /// `pack` for a matrix.
  void (*pack_matrix)(const int8_t *weights, int32_t channels, int32_t steps, uint8_t *packed);
  /// sums[row][channel] = bias + Σ stored · w. `cells` is [tiles][steps][height] cells of 4 stored bytes, height being
  /// `serd_int8_tile_height` of `tile_rows` and `rows`; so a tile's cells follow one another.
  void (*multiply)(const serd_int8_matrix *, const uint8_t *cells, int32_t rows, int32_t *sums);
} serd_int8_kernels;

/// Rows of all tiles but the last, when `rows` rows are cut into tiles of about equal height: a rest of one or two rows
/// would cost as much as six.
static inline int32_t serd_int8_tile_height(int32_t tile_rows, int32_t rows) {
  const int32_t tiles = (rows + tile_rows - 1) / tile_rows;
  return (rows + tiles - 1) / tiles;
}

/// The kernels of an instruction set, or NULL if this processor or this build does not have it.
const serd_int8_kernels *serd_int8_kernels_for(serd_int8_instruction_set);

/// Copies rows first..<last of a plane from across to down.
void serd_int8_transpose(const serd_int8_planes *, int32_t first, int32_t last, int32_t width, uint8_t *down);

/// biases[c] + Σ stored[i] · weights[c][i]: `stored` bytes are signed for flip 0 and unsigned for 0x80.
void serd_int8_dense(
    const uint8_t *stored, uint8_t flip, const int8_t *weights, const int32_t *biases, int32_t inputs, int32_t outputs,
    int32_t *sums);

/// Runs `rounds` rounds of independent multiply-adds on registers alone and returns how many multiply-adds that was, 0
/// if this build does not have the instruction set. The caller takes the time, and has made sure that the processor has
/// the instructions.
int64_t serd_int8_peak(serd_int8_instruction_set, int64_t rounds);

// The kernels, written once. A file per instruction set defines these, then includes this file:
//
//   NAME            the set's name, as an identifier
//   FLIP            0 or 0x80 (CInt8Kernels.h, "Stored bytes")
//   TARGET          function attribute that turns the instruction set on
//   LANES           output channels per vector
//   VECTORS         vectors of the register tile's width, 1, 2 or 4
//   ROWS            rows of the register tile's height: rows × vectors accumulators stay in registers
//   WEIGHT_BYTES    packed bytes of a vector's weights for one step (4 input bytes)
//   ints, floats    a vector of LANES int32_t, of LANES float
//   quad            4 cells that are neighbours in memory, of 4 bytes each
//   cell            one cell, ready to be multiplied with
//   weights         a vector's weights for one step
//
// and, as functions, what the parts below use and do not define (scalar.c has each of them in plain C). The parts are
// images (template_image.h), the one-channel input (template_plane.h), the way back to bytes (template_pool.h), and
// products whose sums are the result (template_product.h).
//
// Floats: sums become floats, are multiplied once, and are rounded to nearest, ties to even. No addition follows a
// product, so there is nothing that a compiler could contract to a fused multiply-add.
#include <string.h>

#include "CInt8Kernels.h"

#define CONCATENATE_(a, b) a##_##b
#define CONCATENATE(a, b) CONCATENATE_(a, b)
#define OWN(name) CONCATENATE(name, NAME)
#define INLINE TARGET static inline __attribute__((always_inline))
#define PANEL (LANES * VECTORS)
// Rows of pooled sums that are kept at a time, a multiple of 4.
#define KEPT ((ROWS + 3) / 4 * 4)
// Rows of a tile that may lie apart from the others.
#define SEAM 4
// Full unrolling keeps the arrays of sums in registers. The barrier keeps a compiler from loading the cells of later
// steps first and spilling them.
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#define UNROLL_STEPS _Pragma("clang loop unroll_count(3)")
#else
#define UNROLL _Pragma("GCC unroll 64")
#define UNROLL_STEPS
#endif
#define BARRIER() __asm__ volatile("" ::: "memory")

static inline int32_t padded(int32_t channels) { return (channels + LANES - 1) / LANES * LANES; }
static inline int32_t smaller(int32_t a, int32_t b) { return a < b ? a : b; }
static inline int32_t vectors_from(int32_t channel, int32_t channels) {
  return smaller(VECTORS, (padded(channels) - channel) / LANES);
}

// Packing: panels of VECTORS × LANES channels, the last one perhaps of fewer vectors; a panel is
// [step][vector][WEIGHT_BYTES].

static size_t packed_size(int32_t channels, int32_t steps) {
  return (size_t)(padded(channels) / LANES) * (size_t)steps * WEIGHT_BYTES;
}

TARGET static void pack(const int8_t *source, int32_t channels, int32_t steps, uint8_t *packed) {
  for (int32_t panel = 0; panel < channels; panel += PANEL) {
    for (int32_t step = 0; step < steps; step++) {
      for (int32_t v = 0; v < vectors_from(panel, channels); v++, packed += WEIGHT_BYTES) {
        for (int32_t lane = 0; lane < LANES; lane++) {
          int32_t channel = panel + v * LANES + lane;
          int8_t none[4] = {0};
          pack_lane(
              channel < channels ? source + ((size_t)channel * (size_t)steps + (size_t)step) * 4 : none, lane, packed);
        }
      }
    }
  }
}

static inline const uint8_t *panel_weights(const serd_int8_layer *layer, int32_t channel) {
  return layer->weights + (size_t)(channel / LANES) * (size_t)layer->steps * WEIGHT_BYTES;
}

// The activation of one sum: ReLU, or PReLU on its grid.
INLINE ints activated(const int is_prelu, ints sum, const float *grid, int32_t to_negative) {
  if (!is_prelu) return larger(sum, zeros());
  return rounded(multiplied(to_floats(sum), chosen_by_sign(sum, load_floats(grid), load_floats(grid + to_negative))));
}

#include "template_pool.h"

#include "template_image.h"
#include "template_plane.h"
#include "template_product.h"

TARGET static void quantise(const float *values, int32_t count, float scale, int32_t zero_point, uint8_t *out) {
  int32_t i = 0;
  float divisors[LANES];
  for (int32_t lane = 0; lane < LANES; lane++) divisors[lane] = scale;
  for (; i + LANES <= count; i += LANES) {
    ints steps = rounded(divided(load_floats(values + i), load_floats(divisors)));
    store_bytes(added(steps, all_ints(zero_point)), out + i);
  }
  if (i == count) return;
  float rest[LANES] = {0};
  uint8_t bytes[LANES];
  memcpy(rest, values + i, (size_t)(count - i) * sizeof(float));
  ints steps = rounded(divided(load_floats(rest), load_floats(divisors)));
  store_bytes(added(steps, all_ints(zero_point)), bytes);
  memcpy(out + i, bytes, (size_t)(count - i));
}

#define SET_NAME_(name) #name
#define SET_NAME(name) SET_NAME_(name)
const serd_int8_kernels CONCATENATE(serd_int8_kernels, NAME) = {
    SET_NAME(NAME), LANES, FLIP, packed_size, pack, convolve, convolve_ends, convolve_plane, row_sums,
    pool_rows, quantise, PAIRED_ROWS, packed_matrix_size, pack_matrix, multiply,
};

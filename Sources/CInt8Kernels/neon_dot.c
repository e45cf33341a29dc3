// NEON with the dot product (ARMv8.2; Cortex-A76: Raspberry Pi 5). One load brings 4 rows' cells, and sdot picks one of
// them: 12 × 2 of the 32 registers are sums, 3 are cells, 2 are weights.
#ifdef __aarch64__
#define NAME neon_dot
// GCC 12 has the intrinsics only with an architecture, clang only with the feature's name.
#ifdef __clang__
#define TARGET __attribute__((target("dotprod")))
#else
#define TARGET __attribute__((target("arch=armv8.2-a+dotprod")))
#endif
#define VECTORS 2
#define ROWS 12
#define WEIGHT_BYTES 16
#define TILE_LIST(F, v) \
  F(1, v) F(2, v) F(3, v) F(4, v) F(5, v) F(6, v) F(7, v) F(8, v) F(9, v) F(10, v) F(11, v) F(12, v)
#include "neon_common.h"

typedef int8x16_t quad;
typedef struct {
  int8x16_t quad;
  int row;
} cell;
typedef int8x16_t weights;

PRIMITIVE void pack_lane(const int8_t source[4], int32_t lane, uint8_t *packed) {
  memcpy(packed + lane * 4, source, 4);
}
PRIMITIVE weights load_weights(const uint8_t *packed) { return vld1q_s8((const int8_t *)packed); }
PRIMITIVE quad load_quad(const uint8_t *cells) { return vld1q_s8((const int8_t *)cells); }
PRIMITIVE cell cell_of(quad cells, int row) { return (cell){cells, row}; }
PRIMITIVE cell one_cell(const uint8_t *p) {
  int32_t bytes;
  memcpy(&bytes, p, sizeof bytes);
  return (cell){vreinterpretq_s8_s32(vdupq_n_s32(bytes)), 0};
}
// The lane must be a literal; `row` is a constant wherever the loops unroll.
PRIMITIVE ints multiply_add(ints sum, cell x, weights w) {
  switch (x.row) {
    case 0: return vdotq_laneq_s32(sum, w, x.quad, 0);
    case 1: return vdotq_laneq_s32(sum, w, x.quad, 1);
    case 2: return vdotq_laneq_s32(sum, w, x.quad, 2);
    default: return vdotq_laneq_s32(sum, w, x.quad, 3);
  }
}

#include "template.h"
#endif

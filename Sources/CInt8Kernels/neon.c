// NEON of every 64-bit Arm core (Cortex-A53 and A72: Raspberry Pi Zero 2, 3 and 4), without a dot product: smull
// multiplies 8 bytes to 16 bits, smlal adds a second product, sadalp adds pairs to 32 bits. Two products fit in 16 bits
// since weights stay in [-127, 127]: 2 · 127 · 128 = 32,512. A vector's weights are [channel 0…3] × 2 input bytes, then
// the same for the other 2.
#ifdef __aarch64__
#define NAME neon
#define TARGET
#define VECTORS 4
#define ROWS 2
#define WEIGHT_BYTES 16
#define TILE_LIST(F, v) F(1, v) F(2, v)
#include "neon_common.h"

typedef int8x16_t quad;
typedef struct {
  int8x8_t first, second;  // bytes 0 and 1 four times, bytes 2 and 3 four times
} cell;
typedef struct {
  int8x8_t first, second;
} weights;

PRIMITIVE void pack_lane(const int8_t source[4], int32_t lane, uint8_t *packed) {
  memcpy(packed + lane * 2, source, 2);
  memcpy(packed + 8 + lane * 2, source + 2, 2);
}
PRIMITIVE weights load_weights(const uint8_t *packed) {
  return (weights){vld1_s8((const int8_t *)packed), vld1_s8((const int8_t *)packed + 8)};
}
PRIMITIVE quad load_quad(const uint8_t *cells) { return vld1q_s8((const int8_t *)cells); }
PRIMITIVE cell one_cell(const uint8_t *p) {
  int16_t pairs[2];
  memcpy(pairs, p, sizeof pairs);
  return (cell){vreinterpret_s8_s16(vdup_n_s16(pairs[0])), vreinterpret_s8_s16(vdup_n_s16(pairs[1]))};
}
#define CELL(row)                                                                                                \
  (cell) {                                                                                                       \
    vreinterpret_s8_s16(vdup_laneq_s16(pairs, 2 * row)), vreinterpret_s8_s16(vdup_laneq_s16(pairs, 2 * row + 1)) \
  }
// The lane must be a literal; `row` is a constant wherever the loops unroll.
PRIMITIVE cell cell_of(quad cells, int row) {
  int16x8_t pairs = vreinterpretq_s16_s8(cells);
  switch (row) {
    case 0: return CELL(0);
    case 1: return CELL(1);
    case 2: return CELL(2);
    default: return CELL(3);
  }
}
PRIMITIVE ints multiply_add(ints sum, cell x, weights w) {
  return vpadalq_s16(sum, vmlal_s8(vmull_s8(w.first, x.first), w.second, x.second));
}

#include "template.h"
#endif

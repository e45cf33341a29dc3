// NEON of every 64-bit Arm core (Cortex-A53 and A72: Raspberry Pi Zero 2, 3 and 4), without a dot product: smull multiplies 8 bytes
// to 16 bits, smlal adds a second product, sadalp adds pairs to 32 bits. Two products fit in 16 bits since weights stay in
// [-127, 127]: 2 · 127 · 128 = 32,512. A vector's weights are [channel 0…3] × 2 input bytes, then the same for the other 2.
#ifdef __aarch64__
#define NAME neon
#define TARGET
#define VECTORS 4
#define ROWS 4
#define WEIGHT_BYTES 16
#define TILE_LIST(F, v) F(1, v) F(2, v) F(3, v) F(4, v)
#include "neon_common.h"

typedef const uint8_t *quad;
typedef struct {
  int8x8_t first, second;  // bytes 0 and 1 four times, bytes 2 and 3 four times
} cell;
typedef int8x16_t weights;

PRIMITIVE void pack_lane(const int8_t source[4], int32_t lane, uint8_t *packed) {
  memcpy(packed + lane * 2, source, 2);
  memcpy(packed + 8 + lane * 2, source + 2, 2);
}
PRIMITIVE weights load_weights(const uint8_t *packed) { return vld1q_s8((const int8_t *)packed); }
PRIMITIVE quad load_quad(const uint8_t *cells) { return cells; }
PRIMITIVE cell one_cell(const uint8_t *p) {
  int16_t pairs[2];
  memcpy(pairs, p, sizeof pairs);
  return (cell){vreinterpret_s8_s16(vdup_n_s16(pairs[0])), vreinterpret_s8_s16(vdup_n_s16(pairs[1]))};
}
PRIMITIVE cell cell_of(quad cells, int row) { return one_cell(cells + row * 4); }
PRIMITIVE ints multiply_add(ints sum, cell x, weights w) {
  int16x8_t products = vmull_s8(vget_low_s8(w), x.first);
  return vpadalq_s16(sum, vmlal_s8(products, vget_high_s8(w), x.second));
}

#include "template.h"
#endif

// Plain C for any processor, and the readable form of what vector instructions do. Compilers make SSE2 of it.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define NAME scalar
#define FLIP 0
#define TARGET
#define LANES 8
#define VECTORS 1
#define ROWS 4
#define WEIGHT_BYTES 32
#define TILE_LIST(F, v) F(1, v) F(2, v) F(3, v) F(4, v)

typedef struct {
  int32_t lane[LANES];
} ints;
typedef struct {
  float lane[LANES];
} floats;
typedef const uint8_t *quad;
typedef struct {
  int8_t byte[4];
} cell;
typedef struct {
  int8_t byte[4][LANES];
} weights;

#define EACH_LANE for (int i = 0; i < LANES; i++)

static inline ints zeros(void) { return (ints){{0}}; }
static inline ints all_ints(int32_t value) {
  ints result;
  EACH_LANE result.lane[i] = value;
  return result;
}
static inline ints load_ints(const int32_t *p) {
  ints result;
  memcpy(&result, p, sizeof result);
  return result;
}
static inline void store_ints(int32_t *p, ints a) { memcpy(p, &a, sizeof a); }
static inline floats load_floats(const float *p) {
  floats result;
  memcpy(&result, p, sizeof result);
  return result;
}
// Sums may leave the range on the way, since the zero point is taken out at the start; unsigned, they may wrap.
static inline ints added(ints a, ints b) {
  EACH_LANE a.lane[i] = (int32_t)((uint32_t)a.lane[i] + (uint32_t)b.lane[i]);
  return a;
}
static inline ints larger(ints a, ints b) {
  EACH_LANE a.lane[i] = a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i];
  return a;
}
static inline floats to_floats(ints a) {
  floats result;
  EACH_LANE result.lane[i] = (float)a.lane[i];
  return result;
}
static inline floats multiplied(floats a, floats b) {
  EACH_LANE a.lane[i] *= b.lane[i];
  return a;
}
static inline floats divided(floats a, floats b) {
  EACH_LANE a.lane[i] /= b.lane[i];
  return a;
}
static inline floats within(floats a, float low, float high) {
  EACH_LANE a.lane[i] = a.lane[i] < low ? low : a.lane[i] > high ? high : a.lane[i];
  return a;
}
static inline floats chosen_by_sign(ints sign, floats positive, floats negative) {
  EACH_LANE positive.lane[i] = sign.lane[i] < 0 ? negative.lane[i] : positive.lane[i];
  return positive;
}
// To nearest, ties to even, whatever the rounding mode. The difference to the truncated value is exact.
static inline int32_t round_to_even(float value) {
  int32_t whole = (int32_t)value;
  float rest = value - (float)whole;
  if (rest > 0.5f || (rest == 0.5f && whole % 2 != 0)) return whole + 1;
  if (rest < -0.5f || (rest == -0.5f && whole % 2 != 0)) return whole - 1;
  return whole;
}
static inline ints rounded(floats a) {
  ints result;
  EACH_LANE result.lane[i] = round_to_even(a.lane[i]);
  return result;
}
static inline void pack_lane(const int8_t source[4], int32_t lane, uint8_t *packed) {
  for (int b = 0; b < 4; b++) packed[b * LANES + lane] = (uint8_t)source[b];
}
static inline weights load_weights(const uint8_t *packed) {
  weights result;
  memcpy(&result, packed, sizeof result);
  return result;
}
static inline quad load_quad(const uint8_t *cells) { return cells; }
static inline cell one_cell(const uint8_t *p) {
  cell result;
  memcpy(&result, p, sizeof result);
  return result;
}
static inline cell cell_of(quad cells, int row) { return one_cell(cells + row * 4); }
// Two products fit in 16 bits since weights stay in [-127, 127]: 2 · 127 · 128 = 32,512. Said so, compilers multiply 8
// at a time.
static inline ints multiply_add(ints sum, cell x, weights w) {
  for (int b = 0; b < 4; b += 2) {
    int16_t products[LANES];
    EACH_LANE products[i] =
        (int16_t)((int16_t)(x.byte[b] * w.byte[b][i]) + (int16_t)(x.byte[b + 1] * w.byte[b + 1][i]));
    EACH_LANE sum.lane[i] = (int32_t)((uint32_t)sum.lane[i] + (uint32_t)products[i]);
  }
  return sum;
}
static inline uint8_t saturated(int32_t value) {
  return (uint8_t)(int8_t)(value < -128 ? -128 : value > 127 ? 127 : value);
}
static inline void store_bytes(ints a, uint8_t *out) { EACH_LANE out[i] = saturated(a.lane[i]); }
// 4 rows of LANES channels, to which the zero point is added: each group of 4 channels becomes 4 neighbouring cells.
static inline void store_quads(const ints rows[4], int32_t zero_point, uint8_t *out, ptrdiff_t group_bytes) {
  for (int row = 0; row < 4; row++) {
    EACH_LANE out[i / 4 * group_bytes + row * 4 + i % 4] = saturated(rows[row].lane[i] + zero_point);
  }
}

#include "template.h"

// What both NEON sets have in common: everything but the multiplication.
#include <arm_neon.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define FLIP 0
#define LANES 4
#define PRIMITIVE TARGET static inline __attribute__((always_inline))

typedef int32x4_t ints;
typedef float32x4_t floats;

PRIMITIVE ints zeros(void) { return vdupq_n_s32(0); }
PRIMITIVE ints all_ints(int32_t value) { return vdupq_n_s32(value); }
PRIMITIVE ints load_ints(const int32_t *p) { return vld1q_s32(p); }
PRIMITIVE void store_ints(int32_t *p, ints a) { vst1q_s32(p, a); }
PRIMITIVE floats load_floats(const float *p) { return vld1q_f32(p); }
PRIMITIVE ints added(ints a, ints b) { return vaddq_s32(a, b); }
PRIMITIVE ints larger(ints a, ints b) { return vmaxq_s32(a, b); }
PRIMITIVE floats to_floats(ints a) { return vcvtq_f32_s32(a); }
PRIMITIVE floats multiplied(floats a, floats b) { return vmulq_f32(a, b); }
PRIMITIVE floats divided(floats a, floats b) { return vdivq_f32(a, b); }
PRIMITIVE floats within(floats a, float low, float high) {
  return vmaxq_f32(vminq_f32(a, vdupq_n_f32(high)), vdupq_n_f32(low));
}
PRIMITIVE floats chosen_by_sign(ints sign, floats positive, floats negative) {
  return vbslq_f32(vcltzq_s32(sign), negative, positive);
}
// To nearest, ties to even.
PRIMITIVE ints rounded(floats a) { return vcvtnq_s32_f32(a); }
PRIMITIVE void store_bytes(ints a, uint8_t *out) {
  int16x4_t words = vqmovn_s32(a);
  int8x8_t bytes = vqmovn_s16(vcombine_s16(words, words));
  vst1_lane_s32((int32_t *)(void *)out, vreinterpret_s32_s8(bytes), 0);
}
// 4 rows of 4 channels are 4 neighbouring cells. The zero point is added to 16 bits, with saturation: what saturates
// there saturates in 8 bits, too.
PRIMITIVE void store_quads(const ints rows[4], int32_t zero_point, uint8_t *out, ptrdiff_t group_bytes) {
  int16x8_t zero = vdupq_n_s16((int16_t)zero_point);
  int16x8_t low = vqaddq_s16(vcombine_s16(vqmovn_s32(rows[0]), vqmovn_s32(rows[1])), zero);
  int16x8_t high = vqaddq_s16(vcombine_s16(vqmovn_s32(rows[2]), vqmovn_s32(rows[3])), zero);
  vst1q_s8((int8_t *)out, vcombine_s8(vqmovn_s16(low), vqmovn_s16(high)));
  (void)group_bytes;
}

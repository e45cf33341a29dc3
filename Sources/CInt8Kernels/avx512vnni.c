// AVX-512 VNNI (Ice Lake, Sapphire Rapids, Zen 4 and later): vpdpbusd multiplies unsigned by signed bytes, 64 at a
// time, without saturating on the way. 14 × 2 of the 32 registers are sums.
#ifdef __x86_64__
#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define NAME avx512vnni
#define FLIP 0x80
#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))
#define LANES 16
#define VECTORS 2
#define ROWS 14
#define WEIGHT_BYTES 64
#define TILE_LIST(F, v) \
  F(1, v) F(2, v) F(3, v) F(4, v) F(5, v) F(6, v) F(7, v) F(8, v) F(9, v) F(10, v) F(11, v) F(12, v) F(13, v) F(14, v)
#define PRIMITIVE TARGET static inline __attribute__((always_inline))

typedef __m512i ints;
typedef __m512 floats;
typedef const uint8_t *quad;
typedef __m512i cell;
typedef __m512i weights;

PRIMITIVE ints zeros(void) { return _mm512_setzero_si512(); }
PRIMITIVE ints all_ints(int32_t value) { return _mm512_set1_epi32(value); }
PRIMITIVE ints load_ints(const int32_t *p) { return _mm512_loadu_si512(p); }
PRIMITIVE void store_ints(int32_t *p, ints a) { _mm512_storeu_si512(p, a); }
PRIMITIVE floats load_floats(const float *p) { return _mm512_loadu_ps(p); }
PRIMITIVE ints added(ints a, ints b) { return _mm512_add_epi32(a, b); }
PRIMITIVE ints larger(ints a, ints b) { return _mm512_max_epi32(a, b); }
PRIMITIVE floats to_floats(ints a) { return _mm512_cvtepi32_ps(a); }
PRIMITIVE floats multiplied(floats a, floats b) { return _mm512_mul_ps(a, b); }
PRIMITIVE floats divided(floats a, floats b) { return _mm512_div_ps(a, b); }
PRIMITIVE floats within(floats a, float low, float high) {
  return _mm512_max_ps(_mm512_min_ps(a, _mm512_set1_ps(high)), _mm512_set1_ps(low));
}
PRIMITIVE floats chosen_by_sign(ints sign, floats positive, floats negative) {
  return _mm512_mask_blend_ps(_mm512_movepi32_mask(sign), positive, negative);
}
PRIMITIVE ints rounded(floats a) { return _mm512_cvt_roundps_epi32(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
PRIMITIVE void pack_lane(const int8_t source[4], int32_t lane, uint8_t *packed) {
  memcpy(packed + lane * 4, source, 4);
}
PRIMITIVE weights load_weights(const uint8_t *packed) { return _mm512_load_si512(packed); }
PRIMITIVE quad load_quad(const uint8_t *cells) { return cells; }
PRIMITIVE cell one_cell(const uint8_t *p) {
  int32_t bytes;
  memcpy(&bytes, p, sizeof bytes);
  return _mm512_set1_epi32(bytes);
}
PRIMITIVE cell cell_of(quad cells, int row) { return one_cell(cells + row * 4); }
PRIMITIVE ints multiply_add(ints sum, cell x, weights w) { return _mm512_dpbusd_epi32(sum, x, w); }
PRIMITIVE void store_bytes(ints a, uint8_t *out) {
  __m128i bytes = _mm512_cvtsepi32_epi8(a);
  _mm_storeu_si128((__m128i *)out, _mm_xor_si128(bytes, _mm_set1_epi8((char)FLIP)));
}
// Saturating packs work within 128 bits: they gather 4 rows' bytes of the same 4 channels, which is just how images are
// kept. The zero point is added to 16 bits, with saturation: what saturates there saturates in 8 bits, too. Packing to
// unsigned bytes after adding 128 more is the flip.
PRIMITIVE void store_quads(const ints rows[4], int32_t zero_point, uint8_t *out, ptrdiff_t group_bytes) {
  __m512i zero = _mm512_set1_epi16((short)(zero_point + FLIP));
  __m512i low = _mm512_adds_epi16(_mm512_packs_epi32(rows[0], rows[1]), zero);
  __m512i high = _mm512_adds_epi16(_mm512_packs_epi32(rows[2], rows[3]), zero);
  __m512i bytes = _mm512_packus_epi16(low, high);
  _mm_storeu_si128((__m128i *)out, _mm512_castsi512_si128(bytes));
  _mm_storeu_si128((__m128i *)(out + group_bytes), _mm512_extracti32x4_epi32(bytes, 1));
  _mm_storeu_si128((__m128i *)(out + 2 * group_bytes), _mm512_extracti32x4_epi32(bytes, 2));
  _mm_storeu_si128((__m128i *)(out + 3 * group_bytes), _mm512_extracti32x4_epi32(bytes, 3));
}

#include "template.h"
#endif

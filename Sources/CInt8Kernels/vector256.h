// What AVX2 and AVX-VNNI have in common: everything but the multiplication. 16 registers; 6 × 2 are sums.
#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define FLIP 0x80
#define LANES 8
#define VECTORS 2
#define PRIMITIVE TARGET static inline __attribute__((always_inline))

typedef __m256i ints;
typedef __m256 floats;
typedef const uint8_t *quad;

PRIMITIVE ints zeros(void) { return _mm256_setzero_si256(); }
PRIMITIVE ints all_ints(int32_t value) { return _mm256_set1_epi32(value); }
PRIMITIVE ints load_ints(const int32_t *p) { return _mm256_loadu_si256((const __m256i *)p); }
PRIMITIVE void store_ints(int32_t *p, ints a) { _mm256_storeu_si256((__m256i *)p, a); }
PRIMITIVE floats load_floats(const float *p) { return _mm256_loadu_ps(p); }
PRIMITIVE ints added(ints a, ints b) { return _mm256_add_epi32(a, b); }
PRIMITIVE ints larger(ints a, ints b) { return _mm256_max_epi32(a, b); }
PRIMITIVE floats to_floats(ints a) { return _mm256_cvtepi32_ps(a); }
PRIMITIVE floats multiplied(floats a, floats b) { return _mm256_mul_ps(a, b); }
PRIMITIVE floats divided(floats a, floats b) { return _mm256_div_ps(a, b); }
PRIMITIVE floats within(floats a, float low, float high) {
  return _mm256_max_ps(_mm256_min_ps(a, _mm256_set1_ps(high)), _mm256_set1_ps(low));
}
PRIMITIVE floats chosen_by_sign(ints sign, floats positive, floats negative) {
  return _mm256_blendv_ps(positive, negative, _mm256_castsi256_ps(sign));
}
PRIMITIVE ints rounded(floats a) {
  return _mm256_cvtps_epi32(_mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}
PRIMITIVE quad load_quad(const uint8_t *cells) { return cells; }
PRIMITIVE void store_bytes(ints a, uint8_t *out) {
  __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
  _mm_storel_epi64((__m128i *)out, _mm_xor_si128(_mm_packs_epi16(words, words), _mm_set1_epi8((char)FLIP)));
}
// Saturating packs work within 128 bits: they gather 4 rows' bytes of the same 4 channels, which is just how images are
// kept. The zero point is added to 16 bits, with saturation: what saturates there saturates in 8 bits, too. Packing to
// unsigned bytes after adding 128 more is the flip.
PRIMITIVE void store_quads(const ints rows[4], int32_t zero_point, uint8_t *out, ptrdiff_t group_bytes) {
  __m256i zero = _mm256_set1_epi16((short)(zero_point + FLIP));
  __m256i low = _mm256_adds_epi16(_mm256_packs_epi32(rows[0], rows[1]), zero);
  __m256i high = _mm256_adds_epi16(_mm256_packs_epi32(rows[2], rows[3]), zero);
  __m256i bytes = _mm256_packus_epi16(low, high);
  _mm_storeu_si128((__m128i *)out, _mm256_castsi256_si128(bytes));
  _mm_storeu_si128((__m128i *)(out + group_bytes), _mm256_extracti128_si256(bytes, 1));
}

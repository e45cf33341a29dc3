// AVX2 (Haswell, Zen and later). vpmaddubsw would saturate: 2 · 255 · 127 does not fit in 16 bits. So bytes are widened
// and multiplied by vpmaddwd: of a cell's 4 bytes, 0 and 2 in one vector of words, 1 and 3 in another, as a mask and a
// shift give them; weights are widened and in that order since they were packed.
#ifdef __x86_64__
#define NAME avx2
#define TARGET __attribute__((target("avx2")))
#define WEIGHT_BYTES 64
#define ROWS 4
#define TILE_LIST(F, v) F(1, v) F(2, v) F(3, v) F(4, v)
#include "vector256.h"

typedef struct {
  __m256i even, odd;
} cell;
typedef struct {
  __m256i even, odd;
} weights;

PRIMITIVE void pack_lane(const int8_t source[4], int32_t lane, uint8_t *packed) {
  const int16_t even[2] = {source[0], source[2]}, odd[2] = {source[1], source[3]};
  memcpy(packed + lane * 4, even, sizeof even);
  memcpy(packed + 32 + lane * 4, odd, sizeof odd);
}
PRIMITIVE weights load_weights(const uint8_t *packed) {
  return (weights){_mm256_load_si256((const __m256i *)packed), _mm256_load_si256((const __m256i *)(packed + 32))};
}
PRIMITIVE cell one_cell(const uint8_t *p) {
  int32_t bytes;
  memcpy(&bytes, p, sizeof bytes);
  __m256i all = _mm256_set1_epi32(bytes);
  return (cell){_mm256_and_si256(all, _mm256_set1_epi16(0xff)), _mm256_srli_epi16(all, 8)};
}
PRIMITIVE cell cell_of(quad cells, int row) { return one_cell(cells + row * 4); }
PRIMITIVE ints multiply_add(ints sum, cell x, weights w) {
  sum = _mm256_add_epi32(sum, _mm256_madd_epi16(x.even, w.even));
  return _mm256_add_epi32(sum, _mm256_madd_epi16(x.odd, w.odd));
}

// Of a matrix, neighbouring weights do not saturate vpmaddubsw: a multiplication of bytes, one of words by 1, a sum.
#define PAIRED
#define PAIRED_WEIGHT_BYTES 32
#define PAIRED_ROWS 5
#define PAIRED_TILE_LIST(F, v) F(1, v) F(2, v) F(3, v) F(4, v) F(5, v)
typedef __m256i paired_cell;
typedef __m256i paired_weights;
PRIMITIVE void pack_paired_lane(const int8_t source[4], int32_t lane, uint8_t *packed) {
  memcpy(packed + lane * 4, source, 4);
}
PRIMITIVE paired_weights load_paired_weights(const uint8_t *packed) {
  return _mm256_load_si256((const __m256i *)packed);
}
PRIMITIVE paired_cell paired_cell_of(quad cells, int row) {
  int32_t bytes;
  memcpy(&bytes, cells + row * 4, sizeof bytes);
  return _mm256_set1_epi32(bytes);
}
PRIMITIVE ints paired_multiply_add(ints sum, paired_cell x, paired_weights w) {
  return _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(x, w), _mm256_set1_epi16(1)));
}

#include "template.h"
#endif

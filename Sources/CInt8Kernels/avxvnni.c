// AVX-VNNI (Alder Lake and later, Zen 5): vpdpbusd on 256 bits.
#ifdef __x86_64__
#define NAME avxvnni
#define TARGET __attribute__((target("avx2,avxvnni")))
#define WEIGHT_BYTES 32
#define ROWS 6
#define TILE_LIST(F, v) F(1, v) F(2, v) F(3, v) F(4, v) F(5, v) F(6, v)
#include "vector256.h"

typedef __m256i cell;
typedef __m256i weights;

PRIMITIVE void pack_lane(const int8_t source[4], int32_t lane, uint8_t *packed) {
  memcpy(packed + lane * 4, source, 4);
}
PRIMITIVE weights load_weights(const uint8_t *packed) { return _mm256_load_si256((const __m256i *)packed); }
PRIMITIVE cell one_cell(const uint8_t *p) {
  int32_t bytes;
  memcpy(&bytes, p, sizeof bytes);
  return _mm256_set1_epi32(bytes);
}
PRIMITIVE cell cell_of(quad cells, int row) { return one_cell(cells + row * 4); }
PRIMITIVE ints multiply_add(ints sum, cell x, weights w) { return _mm256_dpbusd_avx_epi32(sum, x, w); }

#include "template.h"
#endif

// How many int8 multiply-adds a core can do at most: loops on registers alone, the measure that kernels are held
// against.
//
// In assembly, since a compiler would find that nothing is computed. Each round has so many independent accumulators
// that latency is hidden: 12, for a latency of 5 and two per cycle. (AVX2 and plain NEON are measured by the
// instructions that sum exact products fastest: vpmaddwd and vpaddd on 16-bit lanes; smull, smlal2 and sadalp.)
#include "CInt8Kernels.h"

#define TWELVE(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11)

#if defined(__x86_64__)

// Accumulators are registers 0 to 11; 14 and 15 are the factors; 12 and 13 hold products.
#define CLOBBERED                                                                                                   \
  "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", \
      "xmm14", "xmm15"

static int64_t avx512_vnni(int64_t rounds) {
#define DOT(n) "vpdpbusd %%zmm14, %%zmm15, %%zmm" #n "\n"
  for (int64_t i = 0; i < rounds; i++) __asm__ volatile(TWELVE(DOT) TWELVE(DOT) ::: CLOBBERED);
#undef DOT
  return rounds * 24 * 64;
}

static int64_t avx_vnni(int64_t rounds) {
#define DOT(n) "%{vex%} vpdpbusd %%ymm14, %%ymm15, %%ymm" #n "\n"
  for (int64_t i = 0; i < rounds; i++) __asm__ volatile(TWELVE(DOT) TWELVE(DOT) ::: CLOBBERED);
#undef DOT
  return rounds * 24 * 32;
}

static int64_t avx2(int64_t rounds) {
#define MULTIPLY_ADD(n) "vpmaddwd %%ymm14, %%ymm15, %%ymm13\n vpaddd %%ymm13, %%ymm" #n ", %%ymm" #n "\n"
  for (int64_t i = 0; i < rounds; i++) __asm__ volatile(TWELVE(MULTIPLY_ADD) TWELVE(MULTIPLY_ADD) ::: CLOBBERED);
#undef MULTIPLY_ADD
  return rounds * 24 * 16;
}

static int64_t scalar(int64_t rounds) {
#define MULTIPLY_ADD(factor, sum) "movl %%edi, %%" #factor "\n imull %%edi, %%" #factor "\n addl %%" #factor ", %%" #sum "\n"
  for (int64_t i = 0; i < rounds; i++)
    __asm__ volatile(MULTIPLY_ADD(r9d, eax) MULTIPLY_ADD(r10d, ecx) MULTIPLY_ADD(r11d, edx)::
                         : "rax", "rcx", "rdx", "r9", "r10", "r11", "cc");
#undef MULTIPLY_ADD
  return rounds * 3;
}

#elif defined(__aarch64__)

#define CLOBBERED                                                                                                  \
  "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15", "v16", "v17", \
      "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v30", "v31"

#ifdef __clang__
__attribute__((target("dotprod")))
#else
__attribute__((target("arch=armv8.2-a+dotprod")))
#endif
static int64_t neon_dot(int64_t rounds) {
#define DOT(n) "sdot v" #n ".4s, v30.16b, v31.16b\n"
  for (int64_t i = 0; i < rounds; i++)
    __asm__ volatile(TWELVE(DOT) TWELVE(DOT) ::: CLOBBERED);
#undef DOT
  return rounds * 24 * 16;
}

static int64_t neon_mla(int64_t rounds) {
  // Six products at a time in v12 to v17, so that their latency is hidden; then the pairwise sums.
#define MULTIPLY(n) "smull v" #n ".8h, v30.8b, v31.8b\n"
#define ADD_PRODUCT(n) "smlal2 v" #n ".8h, v30.16b, v31.16b\n"
#define SIX(X) X(12) X(13) X(14) X(15) X(16) X(17)
  for (int64_t i = 0; i < rounds; i++)
    __asm__ volatile(SIX(MULTIPLY) SIX(ADD_PRODUCT)
                     "sadalp v0.4s, v12.8h\n sadalp v1.4s, v13.8h\n sadalp v2.4s, v14.8h\n"
                     "sadalp v3.4s, v15.8h\n sadalp v4.4s, v16.8h\n sadalp v5.4s, v17.8h\n" ::: CLOBBERED);
#undef MULTIPLY
#undef ADD_PRODUCT
#undef SIX
  return rounds * 6 * 16;
}

static int64_t scalar(int64_t rounds) {
  for (int64_t i = 0; i < rounds; i++)
    __asm__ volatile(
        "madd w0, w8, w9, w0\n madd w1, w8, w9, w1\n madd w2, w8, w9, w2\n madd w3, w8, w9, w3\n" ::: "x0", "x1", "x2",
        "x3", "x8", "x9");
  return rounds * 4;
}

#endif

int64_t serd_int8_peak(serd_int8_instruction_set set, int64_t rounds) {
  switch (set) {
#if defined(__x86_64__)
    case serd_int8_avx2: return avx2(rounds);
    case serd_int8_avxvnni: return avx_vnni(rounds);
    case serd_int8_avx512vnni: return avx512_vnni(rounds);
#elif defined(__aarch64__)
    case serd_int8_neon: return neon_mla(rounds);
    case serd_int8_neon_dot: return neon_dot(rounds);
#endif
#if defined(__x86_64__) || defined(__aarch64__)
    case serd_int8_scalar: return scalar(rounds);
#endif
    default: return 0;
  }
}

// Which kernels this processor can run, and the little arithmetic that needs no vectors.
#include "CInt8Kernels.h"

extern const serd_int8_kernels serd_int8_kernels_scalar;

#if defined(__x86_64__)
#include <cpuid.h>

extern const serd_int8_kernels serd_int8_kernels_avx2, serd_int8_kernels_avxvnni, serd_int8_kernels_avx512vnni;

// Leaf 7, subleaf 1, EAX bit 4; asked by hand, since the compilers' builtin learnt this name late. The registers are
// AVX2's.
static int has_avxvnni(void) {
  unsigned a = 0, b, c, d;
  return __builtin_cpu_supports("avx2") && __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a >> 4 & 1);
}

static int has_avx512vnni(void) {
  return __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
}

const serd_int8_kernels *serd_int8_kernels_for(serd_int8_instruction_set set) {
  __builtin_cpu_init();
  switch (set) {
    case serd_int8_scalar: return &serd_int8_kernels_scalar;
    case serd_int8_avx2: return __builtin_cpu_supports("avx2") ? &serd_int8_kernels_avx2 : NULL;
    case serd_int8_avxvnni: return has_avxvnni() ? &serd_int8_kernels_avxvnni : NULL;
    case serd_int8_avx512vnni: return has_avx512vnni() ? &serd_int8_kernels_avx512vnni : NULL;
    default: return NULL;
  }
}

#elif defined(__aarch64__)
#include <sys/auxv.h>

extern const serd_int8_kernels serd_int8_kernels_neon, serd_int8_kernels_neon_dot;

// HWCAP_ASIMDDP of <asm/hwcap.h>.
enum { hwcap_dot_product = 1 << 20 };

const serd_int8_kernels *serd_int8_kernels_for(serd_int8_instruction_set set) {
  switch (set) {
    case serd_int8_scalar: return &serd_int8_kernels_scalar;
    case serd_int8_neon: return &serd_int8_kernels_neon;
    case serd_int8_neon_dot: return getauxval(AT_HWCAP) & hwcap_dot_product ? &serd_int8_kernels_neon_dot : NULL;
    default: return NULL;
  }
}

#else

const serd_int8_kernels *serd_int8_kernels_for(serd_int8_instruction_set set) {
  return set == serd_int8_scalar ? &serd_int8_kernels_scalar : NULL;
}

#endif

void serd_int8_transpose(const serd_int8_planes *planes, int32_t first, int32_t last, int32_t width, uint8_t *down) {
  for (int32_t x = 0; x < width; x++) {
    const uint8_t *source = planes->across + x;
    uint8_t *target = down + (ptrdiff_t)x * planes->down_stride;
    for (int32_t row = first; row < last; row++) target[row] = source[(ptrdiff_t)row * planes->across_stride];
  }
}

void serd_int8_dense(
    const uint8_t *stored, uint8_t flip, const int8_t *weights, const int32_t *biases, int32_t inputs, int32_t outputs,
    int32_t *sums) {
  for (int32_t o = 0; o < outputs; o++, weights += inputs) {
    // A sum of q + 128 may leave the range on the way to a result that does not; unsigned, it may wrap.
    uint32_t sum = (uint32_t)biases[o];
    for (int32_t i = 0; i < inputs; i++) {
      sum += (uint32_t)((flip ? (int32_t)stored[i] : (int32_t)(int8_t)stored[i]) * weights[i]);
    }
    sums[o] = (int32_t)sum;
  }
}

// The kernels with AVX2, where the processor has it.
#include "front_end_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#define WITH_AVX2
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "template.h"
#pragma clang attribute pop

static const struct front_end_kernels table = KERNELS("AVX2");

const struct front_end_kernels *front_end_kernels_avx2(void) {
  return __builtin_cpu_supports("avx2") ? &table : 0;
}
#else
const struct front_end_kernels *front_end_kernels_avx2(void) { return 0; }
#endif

// The kernels with AVX2 and FMA, where the processor has them.
#include "training_kernels.h"

#if defined(__x86_64__)
#define LANES 8
#define REGISTERS 16
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "template.h"
#pragma clang attribute pop

static const struct training_kernels table = KERNELS("AVX2");

const struct training_kernels *training_kernels_avx2(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &table : 0;
}
#else
const struct training_kernels *training_kernels_avx2(void) { return 0; }
#endif

// The kernels with AVX-512, where the processor has it.
#include "training_kernels.h"

#if defined(__x86_64__)
#define LANES 16
#define REGISTERS 32
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#include "template.h"
#pragma clang attribute pop

static const struct training_kernels table = KERNELS("AVX-512");

const struct training_kernels *training_kernels_avx512(void) {
  int supported = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
      && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  return supported ? &table : 0;
}
#else
const struct training_kernels *training_kernels_avx512(void) { return 0; }
#endif

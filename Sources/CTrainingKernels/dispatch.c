// Which kernels this processor can run.
#include "CTrainingKernels.h"

#include <stddef.h>

extern const serd_training_kernels serd_training_kernels_baseline;

#if defined(__x86_64__)
extern const serd_training_kernels serd_training_kernels_avx2, serd_training_kernels_avx512;

static int has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

static int has_avx512(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

const serd_training_kernels *serd_training_kernels_for(serd_training_instruction_set set) {
  __builtin_cpu_init();
  switch (set) {
    case serd_training_baseline: return &serd_training_kernels_baseline;
    case serd_training_avx2: return has_avx2() ? &serd_training_kernels_avx2 : NULL;
    case serd_training_avx512: return has_avx512() ? &serd_training_kernels_avx512 : NULL;
    default: return NULL;
  }
}

#else

const serd_training_kernels *serd_training_kernels_for(serd_training_instruction_set set) {
  return set == serd_training_baseline ? &serd_training_kernels_baseline : NULL;
}

#endif

// Which kernels this processor can run.
#include "CFrontEndKernels.h"

#include <stddef.h>

extern const serd_front_end_kernels serd_front_end_kernels_baseline;

#if defined(__x86_64__)
extern const serd_front_end_kernels serd_front_end_kernels_avx2, serd_front_end_kernels_avx512;

static int has_avx512(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

const serd_front_end_kernels *serd_front_end_kernels_for(serd_front_end_instruction_set set) {
  __builtin_cpu_init();
  switch (set) {
    case serd_front_end_baseline: return &serd_front_end_kernels_baseline;
    case serd_front_end_avx2: return __builtin_cpu_supports("avx2") ? &serd_front_end_kernels_avx2 : NULL;
    case serd_front_end_avx512: return has_avx512() ? &serd_front_end_kernels_avx512 : NULL;
    default: return NULL;
  }
}

#else

const serd_front_end_kernels *serd_front_end_kernels_for(serd_front_end_instruction_set set) {
  return set == serd_front_end_baseline ? &serd_front_end_kernels_baseline : NULL;
}

#endif

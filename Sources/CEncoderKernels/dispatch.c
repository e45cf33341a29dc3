// Which kernels this processor can run.
#include "CEncoderKernels.h"

#include <stddef.h>

extern const serd_encoder_kernels serd_encoder_kernels_baseline;

#if defined(__x86_64__)
extern const serd_encoder_kernels serd_encoder_kernels_avx2, serd_encoder_kernels_avx512;

static int has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

static int has_avx512(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

const serd_encoder_kernels *serd_encoder_kernels_for(serd_encoder_instruction_set set) {
  __builtin_cpu_init();
  switch (set) {
    case serd_encoder_baseline: return &serd_encoder_kernels_baseline;
    case serd_encoder_avx2: return has_avx2() ? &serd_encoder_kernels_avx2 : NULL;
    case serd_encoder_avx512: return has_avx512() ? &serd_encoder_kernels_avx512 : NULL;
    default: return NULL;
  }
}

#else

const serd_encoder_kernels *serd_encoder_kernels_for(serd_encoder_instruction_set set) {
  return set == serd_encoder_baseline ? &serd_encoder_kernels_baseline : NULL;
}

#endif

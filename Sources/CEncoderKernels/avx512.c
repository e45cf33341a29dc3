// The kernels with AVX-512, where the processor has it.
#if defined(__x86_64__)
#include <string.h>

#include "CEncoderKernels.h"

#define ROWS 10
#define VECTORS 2
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#include "template.h"
#pragma clang attribute pop

const serd_encoder_kernels serd_encoder_kernels_avx512 = KERNELS("AVX-512");
#endif

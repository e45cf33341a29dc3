// The kernels with AVX2, where the processor has it.
#if defined(__x86_64__)
#include <string.h>

#include "CEncoderKernels.h"

#define ROWS 5
#define VECTORS 1
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "template.h"
#pragma clang attribute pop

const serd_encoder_kernels serd_encoder_kernels_avx2 = KERNELS("AVX2");
#endif

// The kernels with AVX2 and FMA, where the processor has them.
#if defined(__x86_64__)
#include <string.h>

#include "CTrainingKernels.h"

#define LANES 8
#define REGISTERS 16
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "template.h"
#pragma clang attribute pop

const serd_training_kernels serd_training_kernels_avx2 = KERNELS("AVX2");
#endif

// The kernels with AVX2, where the processor has it.
#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "CFrontEndKernels.h"

#define WITH_AVX2
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "template.h"
#pragma clang attribute pop

const serd_front_end_kernels serd_front_end_kernels_avx2 = KERNELS("AVX2");
#endif

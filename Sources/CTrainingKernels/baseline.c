// The kernels for what every machine of this architecture has: SSE2 on x86, NEON on Arm.
#define LANES 4
#if defined(__aarch64__)
#define REGISTERS 32
#else
#define REGISTERS 16
#endif
#include "template.h"

const serd_training_kernels serd_training_kernels_baseline = KERNELS("baseline");

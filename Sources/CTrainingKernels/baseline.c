// The kernels for what every machine of this architecture has: SSE2 on x86, NEON on Arm.
#define LANES 4
#if defined(__aarch64__)
#define REGISTERS 32
#else
#define REGISTERS 16
#endif
#include "template.h"

static const struct training_kernels table = KERNELS("baseline");

const struct training_kernels *training_kernels_baseline(void) { return &table; }

// The kernels for what every machine of this architecture has: SSE2 on x86, NEON on Arm.
#include "template.h"

static const struct front_end_kernels table = KERNELS("baseline");

const struct front_end_kernels *front_end_kernels_baseline(void) { return &table; }

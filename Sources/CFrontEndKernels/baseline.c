// The kernels for what every machine of this architecture has: SSE2 on x86, NEON on Arm.
#include "template.h"

const serd_front_end_kernels serd_front_end_kernels_baseline = KERNELS("baseline");

// The kernels for what every machine of this architecture has: SSE2 on x86, NEON on Arm.
#define ROWS 4
#define VECTORS 1
#include "template.h"

const serd_encoder_kernels serd_encoder_kernels_baseline = KERNELS("baseline");

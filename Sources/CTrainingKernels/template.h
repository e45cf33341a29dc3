// What all kernels share. Included once per instruction set, between the target attribute and the table, with LANES
// (floats of a register) and REGISTERS (how many there are) defined.
#include <stdint.h>
#include <string.h>

#include "CTrainingKernels.h"

// Multiply-adds may be fused: rounding is the instruction set's own here.
#pragma clang fp contract(fast)
// Every function with vectors in its signature is inlined, so their calling convention does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float vector __attribute__((vector_size(4 * LANES)));
typedef int32_t integers __attribute__((vector_size(4 * LANES)));

#define INLINE static inline __attribute__((always_inline))
#define UNROLLED _Pragma("clang loop unroll(full)")

// The first `lanes` floats, zeros after them. With a constant LANES it is one load.
INLINE vector load(const float *p, int lanes) {
  vector v = {0};
  if (lanes == LANES) {
    memcpy(&v, p, sizeof v);
  } else {
    memcpy(&v, p, sizeof(float) * (unsigned)lanes);
  }
  return v;
}

INLINE void store(float *p, vector v, int lanes) {
  if (lanes == LANES) {
    memcpy(p, &v, sizeof v);
  } else {
    memcpy(p, &v, sizeof(float) * (unsigned)lanes);
  }
}

// Calls BODY(first channel, lanes) for all channels, with constant lanes but for the last.
#define FOR_CHANNELS(count, BODY)                                          \
  do {                                                                     \
    int channel_ = 0;                                                      \
    for (; channel_ + LANES <= (count); channel_ += LANES) BODY(channel_, LANES); \
    if (channel_ < (count)) BODY(channel_, (count) - channel_);            \
  } while (0)

#include "template_echo.h"
#include "template_pool.h"
#include "template_product.h"
#include "template_winograd.h"

#define KERNELS(name)                                                                                               \
  {                                                                                                                 \
    name, product, winograd_input, winograd_output, winograd_gradient, winograd_weights, winograd_weight_gradient,  \
        pool, pool_sums, pool_gradient, activation_pool_gradient, moments, add_echoes                                           \
  }

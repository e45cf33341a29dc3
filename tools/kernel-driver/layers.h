// Layers with random weights and images with random values, each in memory of its own between guard pages: for check.c
// and bench.c.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "CInt8Kernels.h"

// What a layer is, whichever kernels run it.
typedef struct {
  int32_t height, width, inputs, channels;
  int32_t kernel_height, kernel_width, pool_height, pool_width;
  int is_plane, is_prelu, has_residual, is_global, is_extreme;
  int32_t zero_point, output_zero_point;
} shape;

// A layer for one set of kernels, with its input and output.
typedef struct {
  const serd_int8_kernels *kernels;
  shape shape;
  serd_int8_layer layer;
  serd_int8_image in, out;
  serd_int8_planes planes;
  int32_t *sums;
  uint8_t *pooled;
} job;

uint32_t random_bits(void);
void seed_random(uint64_t seed);
// Between low and high, both included.
int32_t random_between(int32_t low, int32_t high);

// `size` bytes between guard pages; `free_jobs` gives them back.
void *guarded(size_t size, size_t alignment);

// A layer whose weights and input depend on the seed alone.
job make_job(const serd_int8_kernels *kernels, const shape *shape, uint64_t seed);
// Gives back all memory of all jobs.
void free_jobs(void);

int32_t output_height(const shape *shape);
int32_t output_width(const shape *shape);
// Output rows first..<last. For a global pool, rows of sums.
void run(const job *job, int32_t first, int32_t last);
// The global pool's last step.
void finish(const job *job);
// What the output cell holds, without the flip.
int output_value(const job *job, int32_t row, int32_t column, int32_t channel);

#define _DEFAULT_SOURCE
#include "layers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static uint64_t state = 1;
void seed_random(uint64_t seed) { state = seed * 0x9E3779B97F4A7C15u + 1; }
uint32_t random_bits(void) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(state >> 32);
}
int32_t random_between(int32_t low, int32_t high) {
  return low + (int32_t)(random_bits() % (uint32_t)(high - low + 1));
}

static struct {
  void *start;
  size_t size;
} mappings[64];
static int mapping_count;

// `size` bytes between two pages that nobody may touch: at random they start right after the one or end right before
// the other (but for `alignment`).
void *guarded(size_t size, size_t alignment) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE), inner = (size + page - 1) / page * page;
  uint8_t *start = mmap(NULL, inner + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED || mprotect(start + page, inner, PROT_READ | PROT_WRITE) != 0 || mapping_count == 64) {
    perror("mapping memory");
    exit(70);
  }
  mappings[mapping_count].start = start;
  mappings[mapping_count++].size = inner + 2 * page;
  return start + page + (random_bits() & 1 ? (inner - size) / alignment * alignment : 0);
}

void free_jobs(void) {
  while (mapping_count > 0) {
    mapping_count--;
    munmap(mappings[mapping_count].start, mappings[mapping_count].size);
  }
}

int32_t output_height(const shape *s) { return (s->height + s->pool_height - 1) / s->pool_height; }
int32_t output_width(const shape *s) { return (s->width + s->pool_width - 1) / s->pool_width; }
static int32_t round_up(int32_t value, int32_t to) { return (value + to - 1) / to * to; }

static uint8_t random_input(const shape *s, int kind) {
  if (!s->is_extreme) return (uint8_t)random_bits();
  return kind == 0 ? 0x80 : kind == 1 ? 0x7f : kind == 2 ? (random_bits() & 1 ? 0x80 : 0x7f) : (uint8_t)s->zero_point;
}

static serd_int8_image make_image(int32_t width, int32_t channels, int32_t rows, int32_t halo, uint8_t fill) {
  serd_int8_image image = {.groups = (channels + 3) / 4, .row_stride = rows + 2 * halo};
  size_t size = (size_t)width * (size_t)image.groups * (size_t)image.row_stride * 4 + SERD_INT8_SLACK;
  uint8_t *bytes = guarded(size, 1);
  memset(bytes, fill, size);
  image.origin = bytes + halo * 4;
  return image;
}

static uint8_t *image_byte(const serd_int8_image *image, int32_t row, int32_t column, int32_t channel) {
  ptrdiff_t group = (ptrdiff_t)column * image->groups + channel / 4;
  return image->origin + (group * image->row_stride + row) * 4 + channel % 4;
}

static void make_input(job *job) {
  const shape *s = &job->shape;
  const uint8_t flip = job->kernels->flip, zero = (uint8_t)s->zero_point ^ flip;
  const int32_t up = s->kernel_height / 2, left = s->kernel_width / 2;
  const int kind = (int)(random_bits() % 4);
  if (!s->is_plane) {
    job->in = make_image(s->width, s->inputs, s->height, up, zero);
    for (int32_t x = 0; x < s->width; x++) {
      for (int32_t row = 0; row < s->height; row++) {
        for (int32_t c = 0; c < s->inputs; c++) *image_byte(&job->in, row, x, c) = random_input(s, kind) ^ flip;
      }
      // A halo of a single row means nothing, so it may hold anything.
      for (int32_t c = 0; up == 1 && c < s->inputs; c++) {
        *image_byte(&job->in, -1, x, c) = (uint8_t)random_bits();
        *image_byte(&job->in, s->height, x, c) = (uint8_t)random_bits();
      }
    }
    return;
  }
  job->planes.across_stride = s->width + 2 * left;
  job->planes.down_stride = s->height + 2 * up;
  size_t size = (size_t)job->planes.across_stride * (size_t)job->planes.down_stride + SERD_INT8_SLACK;
  uint8_t *across = guarded(size, 1), *down = guarded(size, 1);
  memset(across, zero, size);
  memset(down, zero, size);
  across += up * job->planes.across_stride + left;
  down += left * job->planes.down_stride + up;
  for (int32_t row = 0; row < s->height; row++) {
    for (int32_t x = 0; x < s->width; x++) across[row * job->planes.across_stride + x] = random_input(s, kind) ^ flip;
  }
  job->planes.across = across;
  job->planes.down = down;
  serd_int8_transpose(&job->planes, 0, s->height, s->width, down);
}

// Weights as [channels][steps][4]; the order of the steps is the kernels'.
static int8_t *make_weights(job *job) {
  const shape *s = &job->shape;
  const int32_t long_side = job->layer.is_down ? s->kernel_height : s->kernel_width;
  const int32_t inner = s->is_plane ? long_side : s->inputs, groups = (inner + 3) / 4;
  const int32_t outer = s->kernel_height * s->kernel_width / (s->is_plane ? long_side : 1);
  job->layer.steps = groups * outer;
  int8_t *weights = calloc((size_t)s->channels * (size_t)job->layer.steps, 4);
  for (int32_t i = 0; i < s->channels * outer; i++) {
    for (int32_t k = 0; k < inner; k++) {
      int32_t w = s->is_extreme ? (random_bits() & 1 ? 127 : -127) : random_between(-127, 127);
      weights[i * groups * 4 + k] = (int8_t)w;
    }
  }
  return weights;
}

static void make_tables(job *job, const int8_t *weights) {
  const shape *s = &job->shape;
  serd_int8_layer *layer = &job->layer;
  const int32_t lanes = job->kernels->vector_channels, padded = round_up(s->channels, lanes);
  const int32_t zero = (s->zero_point ^ job->kernels->flip) & 0xff;
  const int32_t stored_zero = job->kernels->flip ? zero : (int8_t)zero;
  const int32_t columns = s->is_plane ? 1 : s->width, groups = (s->inputs + 3) / 4;
  const int32_t edges = !s->is_plane && s->kernel_height == 3 ? 4 : 1;
  int32_t *biases = guarded((size_t)(edges * columns * padded) * 4, 4);
  float *scales = guarded((size_t)(4 * padded) * 4, 4), *grid = guarded((size_t)(2 * padded) * 4, 4);
  int32_t *residual = guarded(256 * 4, 4);
  memset(biases, 0, (size_t)(edges * columns * padded) * 4);
  memset(scales, 0, (size_t)(4 * padded) * 4);
  memset(grid, 0, (size_t)(2 * padded) * 4);
  const int32_t taps = s->kernel_height * s->kernel_width * s->inputs;
  for (int32_t c = 0; c < s->channels; c++) {
    const int32_t bias = random_between(-20000, 20000);
    const float scale =
        0.6f / sqrtf((float)taps) / 75 * (float)random_between(50, 200) / 100 * (s->is_extreme ? 20 : 1);
    const float slope = (float)random_between(-50, 150) / 100;
    const int8_t *own = weights + (ptrdiff_t)c * layer->steps * 4;
    for (int32_t i = 0; i < edges * columns; i++) {
      const int32_t x = i % columns, edge = i / columns;
      int32_t sum = 0;
      for (int32_t step = 0; step < layer->steps; step++) {
        const int32_t tap = x + step / (groups * s->kernel_height) - s->kernel_width / 2, ky = step % s->kernel_height;
        const int is_left_out = (edge & 1 && ky == 0) || (edge & 2 && ky == s->kernel_height - 1);
        const int is_inside = s->is_plane || (tap >= 0 && tap < s->width && !is_left_out);
        for (int b = 0; is_inside && b < 4; b++) sum += own[step * 4 + b];
      }
      biases[i * padded + c] = bias - stored_zero * sum;
    }
    for (int i = 0; i < 4; i++) {
      int32_t rows = i < 2 ? s->pool_height : s->height % s->pool_height;
      int32_t short_columns = i % 2 == 0 ? s->pool_width : s->width % s->pool_width;
      float count = s->is_global ? (float)(s->height * s->width) : (float)(rows * short_columns);
      if (count > 0) scales[i * padded + c] = s->is_prelu ? 1 / (16 * count) : scale / count;
    }
    grid[c] = 16 * scale;
    grid[padded + c] = 16 * scale * slope;
  }
  for (int i = 0; i < 256; i++) {
    residual[i] = (int32_t)lrintf((float)((int8_t)(i ^ job->kernels->flip) - s->zero_point) * 1.7f);
  }
  layer->biases = biases;
  layer->scales = scales;
  layer->grid = s->is_prelu ? grid : NULL;
  layer->residual = s->has_residual ? residual : NULL;
}

job make_job(const serd_int8_kernels *kernels, const shape *s, uint64_t seed) {
  job job = {.kernels = kernels, .shape = *s};
  seed_random(seed);
  job.layer = (serd_int8_layer){
      .height = s->height,
      .width = s->width,
      .kernel_height = s->kernel_height,
      .kernel_width = s->kernel_width,
      .pool_height = s->pool_height,
      .pool_width = s->pool_width,
      .channels = s->channels,
      .is_down = s->is_plane &&
                 s->kernel_width * ((s->kernel_height + 3) / 4) < s->kernel_height * ((s->kernel_width + 3) / 4),
      .output_zero_point = s->output_zero_point,
      .is_bounded = !s->is_extreme};
  int8_t *weights = make_weights(&job);
  make_tables(&job, weights);
  uint8_t *packed = guarded(kernels->packed_size(s->channels, job.layer.steps), 64);
  kernels->pack(weights, s->channels, job.layer.steps, packed);
  free(weights);
  job.layer.weights = packed;
  make_input(&job);
  if (s->is_global) {
    const int32_t padded = round_up(s->channels, kernels->vector_channels);
    job.sums = guarded((size_t)(s->height * padded) * 4, 4);
    job.pooled = guarded((size_t)padded, 1);
  } else {
    job.out = make_image(output_width(s), s->channels, output_height(s), 0, 0x55);
  }
  return job;
}

void run(const job *job, int32_t first, int32_t last) {
  if (job->shape.is_global) {
    job->kernels->row_sums(&job->layer, &job->in, job->sums, first, last);
  } else if (job->shape.is_plane) {
    job->kernels->convolve_plane(&job->layer, &job->planes, &job->out, 0, first, last);
  } else {
    job->kernels->convolve(&job->layer, &job->in, &job->out, 0, first, last);
  }
}

void finish(const job *job) { job->kernels->pool_rows(&job->layer, job->sums, job->shape.height, job->pooled); }

int output_value(const job *job, int32_t row, int32_t column, int32_t channel) {
  uint8_t stored = job->shape.is_global ? job->pooled[channel] : *image_byte(&job->out, row, column, channel);
  return (int8_t)(stored ^ job->kernels->flip);
}

// Every set of kernels that this processor has, against the scalar one: random shapes and values, and extreme ones,
// whole and in random ranges of rows, then products of matrices; buffers end at guard pages. Exits with 1 at the first
// difference.
//
//   check [COUNT [SEED]]
#include <stdio.h>
#include <stdlib.h>

#include "layers.h"

static shape random_shape(void) {
  shape s = {
      .height = random_between(1, 40),
      .width = random_between(1, 12),
      .inputs = random_between(1, 40),
      .channels = random_between(1, 70),
      .kernel_height = 1 + 2 * random_between(0, 2),
      .kernel_width = 1 + 2 * random_between(0, 2),
      .pool_height = random_between(1, 3),
      .pool_width = random_between(1, 3),
      .zero_point = random_between(-128, 127),
      .output_zero_point = random_between(-128, 127)};
  const int kind = random_between(0, 3);
  s.is_prelu = random_between(0, 1);
  s.is_extreme = random_between(0, 3) == 0;
  if (s.is_extreme) {
    s.zero_point = random_between(0, 1) ? 127 : -128;
    s.output_zero_point = random_between(0, 1) ? 127 : -128;
  }
  if (random_between(0, 7) == 0) s.pool_height = random_between(4, 8);
  if (random_between(0, 1)) s.channels = (s.channels + 15) / 16 * 16;
  if (kind == 0) {
    s.is_global = 1;
    s.pool_height = s.pool_width = 1;
  } else if (kind == 1) {
    static const int32_t kernels[][2] = {{11, 1}, {1, 9}, {3, 3}, {5, 7}, {1, 1}, {31, 1}};
    const int32_t *kernel = kernels[random_between(0, 5)];
    s.is_plane = 1;
    s.inputs = 1;
    s.kernel_height = kernel[0];
    s.kernel_width = kernel[1];
    s.has_residual = s.is_prelu && random_between(0, 1);
    if (random_between(0, 1)) s.pool_height = s.pool_width = 2;
  } else if (random_between(0, 3) == 0) {
    s.height = random_between(60, 130);
  }
  return s;
}

// In pieces, in a random order of ends: as incremental inference asks for them.
static void run_in_ranges(const job *job, int32_t rows) {
  int32_t cut = random_between(0, rows), other = random_between(0, rows);
  if (cut > other) {
    int32_t swap = cut;
    cut = other;
    other = swap;
  }
  if (other < rows) run(job, other, rows);
  if (cut > 0) run(job, 0, cut);
  if (cut < other) run(job, cut, other);
}

static int compare(const serd_int8_kernels *kernels, const shape *s, uint64_t seed) {
  job expected = make_job(serd_int8_kernels_for(serd_int8_scalar), s, seed), actual = make_job(kernels, s, seed);
  const int32_t rows = s->is_global ? s->height : output_height(s);
  run(&expected, 0, rows);
  run_in_ranges(&actual, rows);
  if (s->is_global) {
    finish(&expected);
    finish(&actual);
  }
  const int32_t out_rows = s->is_global ? 1 : rows, columns = s->is_global ? 1 : output_width(s);
  for (int32_t i = 0; i < out_rows * columns * s->channels; i++) {
    const int32_t channel = i % s->channels, column = i / s->channels % columns, row = i / s->channels / columns;
    const int want = output_value(&expected, row, column, channel), got = output_value(&actual, row, column, channel);
    if (want == got) continue;
    printf(
        "%s, seed %llu: row %d, column %d, channel %d is %d, not %d (%d x %d x %d to %d, kernel %d x %d, pool %d x "
        "%d%s%s%s)\n",
        kernels->name, (unsigned long long)seed, row, column, channel, got, want, s->height, s->width, s->inputs,
        s->channels, s->kernel_height, s->kernel_width, s->pool_height, s->pool_width, s->is_plane ? ", plane" : "",
        s->is_global ? ", global" : "", s->is_prelu ? ", PReLU" : "");
    return 0;
  }
  free_jobs();
  return 1;
}

// A product, whose sums plain C says. Weights are extreme as often as not.
static int compare_product(const serd_int8_kernels *kernels, uint64_t seed) {
  const int32_t rows = random_between(1, 40), steps = random_between(1, 70), channels = 16 * random_between(1, 6);
  const int32_t inputs = 4 * steps, height = serd_int8_tile_height(kernels->tile_rows, rows);
  const int32_t tiles = (rows + height - 1) / height, is_extreme = random_between(0, 1);
  int8_t *weights = guarded((size_t)(channels * inputs), 1), *input = guarded((size_t)(rows * inputs), 1);
  int32_t *biases = guarded((size_t)channels * 4, 4), *sums = guarded((size_t)(rows * channels) * 4, 4);
  uint8_t *packed = guarded(kernels->packed_matrix_size(channels, steps), 64);
  uint8_t *cells = guarded((size_t)(tiles * height * inputs) + SERD_INT8_SLACK, 1);
  for (int32_t i = 0; i < rows * inputs; i++) {
    input[i] = (int8_t)(is_extreme ? (random_bits() & 1 ? 127 : -128) : random_between(-128, 127));
    const int32_t row = i / inputs, step = i % inputs / 4;
    cells[((row / height * steps + step) * height + row % height) * 4 + i % 4] = (uint8_t)input[i] ^ kernels->flip;
  }
  for (int32_t c = 0; c < channels; c++) {
    biases[c] = 0;
    for (int32_t i = 0; i < inputs; i += 2) {
      const int32_t first = random_between(1, 127), sign = random_bits() & 1 ? 1 : -1;
      weights[c * inputs + i] = (int8_t)(sign * first);
      weights[c * inputs + i + 1] = (int8_t)(sign * (is_extreme ? 128 - first : random_between(first - 128, 128 - first)));
      if (kernels->flip) biases[c] -= 128 * (weights[c * inputs + i] + weights[c * inputs + i + 1]);
    }
  }
  kernels->pack_matrix(weights, channels, steps, packed);
  const serd_int8_matrix matrix = {channels, steps, packed, biases};
  kernels->multiply(&matrix, cells, rows, sums);
  for (int32_t i = 0; i < rows * channels; i++) {
    int32_t sum = 0;
    for (int32_t k = 0; k < inputs; k++) sum += input[i / channels * inputs + k] * weights[i % channels * inputs + k];
    if (sums[i] == sum) continue;
    printf(
        "%s, seed %llu: a product of %d x %d x %d has %d at %d, not %d\n", kernels->name, (unsigned long long)seed, rows,
        inputs, channels, sums[i], i, sum);
    return 0;
  }
  free_jobs();
  return 1;
}

int main(int count, char **arguments) {
  const long runs = count > 1 ? atol(arguments[1]) : 300;
  const uint64_t first_seed = count > 2 ? (uint64_t)atol(arguments[2]) : 1;
  int failed = 0;
  for (int set = serd_int8_scalar; set <= serd_int8_neon_dot; set++) {
    const serd_int8_kernels *kernels = serd_int8_kernels_for((serd_int8_instruction_set)set);
    if (!kernels) continue;
    long done = 0;
    for (; done < runs; done++) {
      seed_random(first_seed + (uint64_t)done);
      shape s = random_shape();
      if (!compare(kernels, &s, first_seed + (uint64_t)done)) break;
      if (!compare_product(kernels, first_seed + (uint64_t)done)) break;
    }
    failed |= done < runs;
    printf("%-11s %ld of %ld layers and products are right\n", kernels->name, done, runs);
  }
  return failed;
}

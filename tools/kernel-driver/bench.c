// Time of each layer of a network, one core, as a share of the processor's own peak: least of many, since a loaded
// machine only adds.
//
//   bench [SET [FRAMES [ROUNDS]]]     SET: scalar, avx2, avxvnni, avx512vnni, neon, neon_dot
//
// The peak is that of the same multiply-add instruction with everything in registers (x86 with VNNI only).
// Multiply-adds count padding taps as work, as one would count them for any implementation.
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "layers.h"

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

#ifdef __x86_64__
#include <immintrin.h>

#define PEAK(NAME, TARGET, VECTOR, SET1, DOT, CONSTRAINT, SUMS)                             \
  __attribute__((target(TARGET))) static double NAME(void) {                                \
    VECTOR sums[SUMS], x = SET1(3), w = SET1(5);                                            \
    const long rounds = 300000;                                                             \
    for (int i = 0; i < SUMS; i++) sums[i] = SET1(0);                                       \
    double start = seconds();                                                               \
    for (long k = 0; k < rounds; k++) {                                                     \
      _Pragma("GCC unroll 16") for (int i = 0; i < SUMS; i++) sums[i] = DOT(sums[i], x, w); \
      __asm__ volatile("" : "+" CONSTRAINT(x), "+" CONSTRAINT(w));                          \
    }                                                                                       \
    double time = seconds() - start;                                                        \
    for (int i = 0; i < SUMS; i++) __asm__ volatile("" ::CONSTRAINT(sums[i]));              \
    return (double)rounds * SUMS * sizeof(VECTOR) / time * 1e-9;                            \
  }
PEAK(peak512, "avx512f,avx512vnni", __m512i, _mm512_set1_epi8, _mm512_dpbusd_epi32, "v", 14)
PEAK(peak256, "avx2,avxvnni", __m256i, _mm256_set1_epi8, _mm256_dpbusd_avx_epi32, "x", 12)
static double peak(const char *set) {
  return strcmp(set, "avx512vnni") == 0 ? peak512() : strcmp(set, "avxvnni") == 0 ? peak256() : 0;
}
#else
static double peak(const char *set) {
  (void)set;
  return 0;
}
#endif

enum { layer_count = 8 };

static void network(int32_t frames, shape *shapes) {
  static const int32_t kernels[layer_count][2] = {{11, 1}, {1, 9}, {3, 3}, {3, 3}, {3, 3}, {3, 3}, {3, 3}, {1, 1}};
  static const int32_t channels[layer_count] = {32, 32, 32, 64, 96, 128, 160, 320};
  static const int32_t pools[layer_count][2] = {{2, 2}, {2, 2}, {2, 2}, {2, 2}, {2, 2}, {2, 1}, {2, 1}, {1, 1}};
  int32_t height = frames, width = 40, inputs = 1;
  for (int i = 0; i < layer_count; i++) {
    shapes[i] = (shape){
        .height = height,
        .width = width,
        .inputs = inputs,
        .channels = channels[i],
        .kernel_height = kernels[i][0],
        .kernel_width = kernels[i][1],
        .pool_height = pools[i][0],
        .pool_width = pools[i][1],
        .is_plane = i < 3,
        .is_global = i == layer_count - 1,
        .zero_point = i < 3 ? 0 : -128,
        .output_zero_point = -128};
    if (i < 2) continue;
    inputs = i == 2 ? 96 : channels[i];
    height = output_height(&shapes[i]);
    width = output_width(&shapes[i]);
  }
}

static double multiply_adds(const shape *s) {
  return (double)s->height * s->width * s->inputs * s->channels * s->kernel_height * s->kernel_width;
}

int main(int count, char **arguments) {
  const char *name = count > 1 ? arguments[1] : "avx512vnni";
  const int32_t frames = count > 2 ? atoi(arguments[2]) : 184;
  const int rounds = count > 3 ? atoi(arguments[3]) : 300;
  const serd_int8_kernels *kernels = NULL;
  for (int set = serd_int8_scalar; set <= serd_int8_neon_dot; set++) {
    const serd_int8_kernels *found = serd_int8_kernels_for((serd_int8_instruction_set)set);
    if (found && strcmp(found->name, name) == 0) kernels = found;
  }
  if (!kernels) {
    fprintf(stderr, "bench: this processor has no %s\n", name);
    return 69;
  }
  shape shapes[layer_count];
  network(frames, shapes);
  job jobs[layer_count];
  double least[layer_count + 1], fastest = 0;
  for (int i = 0; i <= layer_count; i++) least[i] = 1e9;
  for (int i = 0; i < layer_count; i++) jobs[i] = make_job(kernels, &shapes[i], (uint64_t)i + 1);
  for (int round = 0; round < rounds; round++) {
    double whole = 0;
    for (int i = 0; i < layer_count; i++) {
      double start = seconds();
      run(&jobs[i], 0, shapes[i].is_global ? shapes[i].height : output_height(&shapes[i]));
      if (shapes[i].is_global) finish(&jobs[i]);
      double time = seconds() - start;
      whole += time;
      if (time < least[i]) least[i] = time;
    }
    if (whole < least[layer_count]) least[layer_count] = whole;
    if (round % 10 == 0) {
      double now = peak(name);
      if (now > fastest) fastest = now;
    }
  }
  printf("%s, %d frames, peak %.0f GMAC/s\n", name, frames, fastest);
  double total = 0;
  for (int i = 0; i <= layer_count; i++) {
    const double work = i < layer_count ? multiply_adds(&shapes[i]) : total;
    const double speed = work / least[i] * 1e-9;
    total += i < layer_count ? work : 0;
    printf("  layer %d %8.2f MMAC %8.1f us %6.1f GMAC/s", i + 1, work * 1e-6, least[i] * 1e6, speed);
    printf(fastest > 0 ? " %5.1f %% of peak\n" : "\n", 100 * speed / (fastest > 0 ? fastest : 1));
  }
  return 0;
}

// The kernels' one definition. Included once per instruction set, between the target attribute and the table.
//
// A vector is sixteen floats; the compiler splits it where registers are shorter. Lanes are added up in one order
// (`sums_of_eight`), and nothing is contracted to fused multiply-adds, so all instruction sets round alike.
#include <string.h>
#if defined(__SSE2__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#include "CFrontEndKernels.h"

#pragma STDC FP_CONTRACT OFF
// Every function with vectors in its signature is inlined, so their calling convention does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float f8 __attribute__((vector_size(32)));
typedef float f16 __attribute__((vector_size(64)));
typedef int32_t i16 __attribute__((vector_size(64)));
enum { LANES = 16 };

#define INLINE static inline __attribute__((always_inline))
#define RANGE_16 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15

INLINE f8 load8(const float *p) {
  f8 v;
  memcpy(&v, p, sizeof v);
  return v;
}

INLINE f16 load(const float *p) {
  f16 v;
  memcpy(&v, p, sizeof v);
  return v;
}

INLINE void store8(float *p, f8 v) { memcpy(p, &v, sizeof v); }
INLINE void store(float *p, f16 v) { memcpy(p, &v, sizeof v); }
INLINE f16 joined(f8 a, f8 b) { return __builtin_shufflevector(a, b, RANGE_16); }
INLINE f16 reversed(f16 v) {
  return __builtin_shufflevector(v, v, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
}

// Correctly rounded. Not C's sqrtf: that may set errno, so compilers make no vectors of it.
INLINE f16 square_roots(f16 v) {
#if defined(WITH_AVX512)
  return _mm512_sqrt_ps(v);
#else
  float lanes[LANES];
  store(lanes, v);
#if defined(WITH_AVX2)
  for (int i = 0; i < LANES; i += 8) _mm256_storeu_ps(lanes + i, _mm256_sqrt_ps(_mm256_loadu_ps(lanes + i)));
#elif defined(__SSE2__)
  for (int i = 0; i < LANES; i += 4) _mm_storeu_ps(lanes + i, _mm_sqrt_ps(_mm_loadu_ps(lanes + i)));
#elif defined(__aarch64__)
  for (int i = 0; i < LANES; i += 4) vst1q_f32(lanes + i, vsqrtq_f32(vld1q_f32(lanes + i)));
#else
  for (int i = 0; i < LANES; i++) lanes[i] = __builtin_sqrtf(lanes[i]);
#endif
  return load(lanes);
#endif
}

INLINE float square_root(float x) { return square_roots((f16){x})[0]; }

// Neighbours added, inside each half: a0+a1 a2+a3 b0+b1 b2+b3 | a4+a5 a6+a7 b4+b5 b6+b7.
INLINE f8 neighbours_added(f8 a, f8 b) {
  return __builtin_shufflevector(a, b, 0, 2, 8, 10, 4, 6, 12, 14)
      + __builtin_shufflevector(a, b, 1, 3, 9, 11, 5, 7, 13, 15);
}

INLINE f8 half(f16 v, int upper) {
  return upper ? __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15)
               : __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7);
}

// Each of the eight halves of four vectors added up: lane 2i of the result is the sum of the lower half of v[i], lane
// 2i + 1 of its upper half.
INLINE f8 sums_of_eight(const f16 v[4]) {
  f8 pairs[4];
  for (int i = 0; i < 4; i++) pairs[i] = neighbours_added(half(v[i], 0), half(v[i], 1));
  f8 low = neighbours_added(pairs[0], pairs[1]), high = neighbours_added(pairs[2], pairs[3]);
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 8, 9, 10, 11)
      + __builtin_shufflevector(low, high, 4, 5, 6, 7, 12, 13, 14, 15);
}

// The lanes moved up by n, zeros below.
#define MOVED_UP(v, ...) __builtin_shufflevector((f16){0}, v, __VA_ARGS__)

// Before sample k of sixteen the mean is d^k m + (1 - d) (x[k-1] + d x[k-2] + ... + d^(k-1) x[0]); the sum in brackets
// comes in four steps, each of which doubles its reach. Only d^16 m waits for the sixteen samples before.
static float constant_removed(float *block, int count, float m, const float *decays) {
  const f16 decay = load(decays);
  for (int i = 0; i < count; i += LANES) {
    f16 x = load(block + i), sum = x;
    sum += decays[1] * MOVED_UP(sum, 0, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
    sum += decays[2] * MOVED_UP(sum, 0, 1, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
    sum += decays[4] * MOVED_UP(sum, 0, 1, 2, 3, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27);
    sum += decays[8] * MOVED_UP(sum, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
    f16 before = MOVED_UP(sum, 0, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
    store(block + i, x - (decay * m + (1 - decays[1]) * before));
    m = decays[LANES] * m + (1 - decays[1]) * sum[LANES - 1];
  }
  return m;
}

static void window(
    const float *frame, const float *even_window, const float *odd_window, float *even, float *odd, int half) {
  int i = 0;
  for (; i + LANES <= half; i += LANES) {
    f16 a = load(frame + 2 * i), b = load(frame + 2 * i + LANES);
    f16 e = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    f16 o = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    store(even + i, e * load(even_window + i));
    store(odd + i, o * load(odd_window + i));
  }
  for (; i < half; i++) {
    even[i] = frame[2 * i] * even_window[i];
    odd[i] = frame[2 * i + 1] * odd_window[i];
  }
}

// With M = half, E and O the transforms of the even and odd samples and W = exp(-i pi k / M): X[k] = E[k] + W O[k] and
// X[M - k] = conj(E[k] - W O[k]), where 2 E[k] = Z[k] + conj(Z[M - k]) and 2 O[k] = -i (Z[k] - conj(Z[M - k])).
// From a = Z[k], b = Z[M - k] and W to |X[k]|^2 (lower) and |X[M - k]|^2 (upper).
#define SEPARATE(T)                                           \
  T even_r = ar + br, even_i = ai - bi;                       \
  T odd_r = ai + bi, odd_i = br - ar;                         \
  T turned_r = cosine * odd_r - sine * odd_i;                 \
  T turned_i = cosine * odd_i + sine * odd_r;                 \
  T lower_r = even_r + turned_r, lower_i = even_i + turned_i; \
  T upper_r = even_r - turned_r, upper_i = even_i - turned_i; \
  T lower = lower_r * lower_r + lower_i * lower_i;            \
  T upper = upper_r * upper_r + upper_i * upper_i;

INLINE void spectrum_of(
    const float *real, const float *imaginary, const float *turns, float *bins, int half, int is_power) {
  const float *sines = turns + half / 2 + 1;
  float first = 2 * (real[0] + imaginary[0]), last = 2 * (real[0] - imaginary[0]);
  bins[0] = is_power ? first * first : __builtin_fabsf(first);
  bins[half] = is_power ? last * last : __builtin_fabsf(last);
  int k = 1;
  for (; k + LANES - 1 <= half / 2; k += LANES) {
    int mirrored = half - k - (LANES - 1);
    f16 ar = load(real + k), ai = load(imaginary + k), cosine = load(turns + k), sine = load(sines + k);
    f16 br = reversed(load(real + mirrored)), bi = reversed(load(imaginary + mirrored));
    SEPARATE(f16)
    store(bins + k, is_power ? lower : square_roots(lower));
    store(bins + mirrored, reversed(is_power ? upper : square_roots(upper)));
  }
  for (; k <= half / 2; k++) {
    float ar = real[k], ai = imaginary[k], cosine = turns[k], sine = sines[k];
    float br = real[half - k], bi = imaginary[half - k];
    SEPARATE(float)
    bins[k] = is_power ? lower : square_root(lower);
    bins[half - k] = is_power ? upper : square_root(upper);
  }
}

// Two copies, so that neither asks in its loop.
static void spectrum(
    const float *real, const float *imaginary, const float *turns, float *bins, int half, int is_power) {
  if (is_power) {
    spectrum_of(real, imaginary, turns, bins, half, 1);
  } else {
    spectrum_of(real, imaginary, turns, bins, half, 0);
  }
}

static void mel(
    const float *bins, const float *weights, const int32_t *first_bin, const int32_t *vectors, float *energies,
    int bands) {
  for (int b = 0; b < bands; b += 8, first_bin += 8) {
    f16 sums[4] = {{0}};
    for (int j = 0; j < vectors[b / 8]; j++, weights += 64) {
      for (int i = 0; i < 4; i++) {
        f16 values = joined(load8(bins + first_bin[2 * i] + 8 * j), load8(bins + first_bin[2 * i + 1] + 8 * j));
        sums[i] += load(weights + LANES * i) * values;
      }
    }
    store8(energies + b, sums_of_eight(sums));
  }
}

// x = m 2^e with m in [sqrt(1/2), sqrt(2)); ln x = e ln 2 + ln(1 + f) with f = m - 1, and ln(1 + f) = f - f^2 / 2 +
// f^3 P(f) with P of degree 7, fitted for the least largest relative error (7e-9). No faster inside the loop of `mel`.
static void logarithm(float *values, float floor, int count) {
  for (int i = 0; i < count; i += LANES) {
    f16 x = load(values + i) + floor;
    i16 bits = (i16)x - 0x3f3504f3;  // sqrt(1/2)
    f16 e = __builtin_convertvector(bits >> 23, f16);
    f16 f = (f16)((bits & 0x007fffff) + 0x3f3504f3) - 1;
    f16 f2 = f * f, f4 = f2 * f2;
    f16 p = ((0.333333164f - 0.250008076f * f) + (0.200022861f - 0.166245967f * f) * f2)
        + ((0.141812131f - 0.131284028f * f) + (0.128814057f - 0.0786021128f * f) * f2) * f4;
    // ln 2 in two parts, the first with few bits, so that e times it is exact.
    store(values + i, e * 0.693359375f + (f + ((f2 * f) * p - 0.5f * f2 + e * -2.12194440e-4f)));
  }
}

static void fold(const float *restrict values, float *restrict sums, float *restrict differences, int count) {
  for (int i = 0; i < count / 2; i++) {
    sums[i] = values[i] + values[count - 1 - i];
    differences[i] = values[i] - values[count - 1 - i];
  }
  if (count % 2 == 1) sums[count / 2] = values[count / 2];
}

static void cosine(
    const float *sums, const float *differences, const float *table, float *output, int length, int rows) {
  for (int row = 0; row < rows; row += 8) {
    f16 totals[4] = {{0}};
    for (int m = 0; m < length; m += 8, table += 64) {
      f16 input = joined(load8(sums + m), load8(differences + m));
      for (int i = 0; i < 4; i++) totals[i] += load(table + LANES * i) * input;
    }
    store8(output + row, sums_of_eight(totals));
  }
}

INLINE int16_t level_step(float x, int lowest, int highest) {
  int32_t bits;
  memcpy(&bits, &x, sizeof bits);
  int step = ((bits & 0x7fffffff) >> 18) - lowest;
  return (int16_t)(step < 0 ? 0 : step > highest ? highest : step);
}

static float level(
    const float *restrict block, int16_t *restrict steps, int count, int lowest, int highest, int16_t *loudest) {
  f16 squares = {0};
  int i = 0;
  for (; i + LANES <= count; i += LANES) {
    f16 x = load(block + i);
    squares += x * x;
  }
  float lanes[LANES];
  store(lanes, squares);
  for (; i < count; i++) lanes[i % LANES] += block[i] * block[i];
  for (int width = LANES / 2; width > 0; width /= 2) {
    for (int lane = 0; lane < width; lane++) lanes[lane] += lanes[lane + width];
  }
  int16_t largest = 0;
  for (i = 0; i < count; i++) {
    steps[i] = level_step(block[i], lowest, highest);
    largest = steps[i] > largest ? steps[i] : largest;
  }
  *loudest = largest;
  return lanes[0];
}

static int count(const int16_t *steps, int count, int threshold) {
  int16_t total = 0, least = (int16_t)threshold;
  for (int i = 0; i < count; i++) total += steps[i] >= least;
  return total;
}

#include "template_transform.h"

#define KERNELS(name) \
  {name, constant_removed, window, transform, spectrum, mel, logarithm, fold, cosine, level, count}

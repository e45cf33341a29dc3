// The loops of the front end that are worth vectors, in C because Swift cannot ask for AVX2 in one function.
//
// Every kernel has one definition (template.h), in short vectors with the order of all additions fixed, compiled once
// per instruction set: the results are the same on every machine, to the bit (FrontEndKernelTests). No function
// allocates or fails; pointers need no alignment.
#pragma once
#include <stdint.h>

/// The instruction sets that there are kernels for.
typedef enum {
  /// What every machine of this architecture has: SSE2 on x86, NEON on Arm.
  serd_front_end_baseline,
  serd_front_end_avx2,
  /// F, BW, DQ, VL.
  serd_front_end_avx512,
} serd_front_end_instruction_set;

/// The kernels of one instruction set.
typedef struct {
  const char *name;

  /// Takes what is constant out of a block, in place: y = x - m and then m += (x - m) / M for each of `count` samples,
  /// a multiple of sixteen. `decays` holds (1 - 1/M)^k for k = 0...16. Returns m after the block.
  float (*constant_removed)(float *block, int count, float m, const float *decays);

  /// Window and deinterleave, for i below half: even[i] = frame[2i] even_window[i], odd[i] = frame[2i + 1]
  /// odd_window[i].
  void (*window)(
      const float *frame, const float *even_window, const float *odd_window, float *even, float *odd, int half);

  /// Z = DFT of a complex signal: `length` real parts, then as many imaginary ones; a power of two from 128. Both
  /// buffers are overwritten; returns the one that holds Z. `twiddles` are those of each pass of radix eight with a
  /// stride s = 1, 8, 64... below length / 8: for each sixteen i of length / 8 and each k = 1...7, cos(a) sixteen
  /// times, then sin(a) sixteen times, with a = -2 pi k floor(i / s) s / length.
  const float *(*transform)(float *signal, float *work, const float *twiddles, int length);

  /// From Z = DFT(even + i odd), `half` complex values, to the half + 1 magnitudes or powers of the real DFT of the
  /// samples. `turns` holds cos(pi k / half), then -sin(pi k / half), for k = 0...half / 2 each. The window carries a
  /// factor 1/2, which the separation of even and odd samples would otherwise need.
  void (*spectrum)(const float *real, const float *imaginary, const float *turns, float *bins, int half, int is_power);

  /// Mel bands, eight at a time (`bands` is a multiple): energies[b] is the sum of the weights of band b times the bins
  /// from first_bin[b] on. Eight bands have vectors[b / 8] x 8 weights each, zeros at the end, as [vectors][8
  /// bands][8]; so many bins are read.
  void (*mel)(
      const float *bins, const float *weights, const int32_t *first_bin, const int32_t *vectors, float *energies,
      int bands);

  /// values[i] = ln(values[i] + floor), for a multiple of sixteen sums that are positive, normal and finite. The error
  /// is at most 0.92 units in the last place, for all mantissas and exponents from -20 to 20 (FrontEndKernelTests takes
  /// every 61st mantissa).
  void (*logarithm)(float *values, float floor, int count);

  /// sums[i] = values[i] + values[count - 1 - i], differences likewise, for i below count / 2; the middle of an odd
  /// count is a sum of its own.
  void (*fold)(const float *values, float *sums, float *differences, int count);

  /// A cosine transform of folded input: output[k] is row k times the sums (k even) or differences (k odd). `length`
  /// and `rows` are multiples of eight; `table` is [rows / 8][length / 8][8 rows][8].
  void (*cosine)(const float *sums, const float *differences, const float *table, float *output, int length, int rows);

  /// |x| of a block on a logarithmic scale of 32 steps an octave, limited to 0...highest; `lowest` is what the upper 14
  /// bits of an IEEE single say at step 0. Returns the sum of squares; *loudest is the largest step.
  float (*level)(const float *block, int16_t *steps, int count, int lowest, int highest, int16_t *loudest);

  /// How many of `count` (below 32,768) steps are at least `threshold`.
  int (*count)(const int16_t *steps, int count, int threshold);
} serd_front_end_kernels;

/// The kernels of an instruction set, or NULL if this processor or this build does not have it.
const serd_front_end_kernels *serd_front_end_kernels_for(serd_front_end_instruction_set);

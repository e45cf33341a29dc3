/// How many int8 multiply-adds a core can do at most with one instruction set: the measure that kernels are held against.
#pragma once

#include <stdint.h>

/// The instruction mixes by which int8 products can be summed to 32 bits.
typedef enum {
  INT8_PEAK_SCALAR,      ///< 32-bit multiply and add, one at a time
  INT8_PEAK_AVX2,        ///< vpmaddwd and vpaddd on 16-bit lanes
  INT8_PEAK_AVX_VNNI,    ///< vpdpbusd, 256 bits, VEX-coded
  INT8_PEAK_AVX512_VNNI, ///< vpdpbusd, 512 bits
  INT8_PEAK_NEON_MLA,    ///< smull, smlal, sadalp
  INT8_PEAK_NEON_DOT,    ///< sdot
} int8_peak_mix;

/// Runs `rounds` rounds of independent multiply-adds on registers alone, and returns how many multiply-adds that was: 0 if this
/// program was not built for the mix's architecture. The caller takes the time, and has made sure that the processor has
/// the instructions.
int64_t int8_peak_run(int8_peak_mix mix, int64_t rounds);

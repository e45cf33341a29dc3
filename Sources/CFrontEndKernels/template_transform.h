// The complex Fourier transform of a power of two, included by template.h.
//
// Stockham's autosort in passes of radix eight, a last one of four or two where the length wants it (Van Loan 1992,
// "Computational Frameworks for the Fast Fourier Transform", section 1.7). Real and imaginary parts lie apart, so that
// all arithmetic is lane by lane: vectors of any width give the same bits. Radix eight, because a pass over memory
// costs more than the registers that spill in it.

// As many lanes as a register has.
#if defined(WITH_AVX512)
enum { WIDTH = 16 };
#elif defined(WITH_AVX2)
enum { WIDTH = 8 };
#else
enum { WIDTH = 4 };
#endif
typedef float wide __attribute__((vector_size(4 * WIDTH)));
typedef struct {
  wide r, i;
} complex_wide;

INLINE wide load_wide(const float *p) {
  wide v;
  memcpy(&v, p, sizeof v);
  return v;
}

INLINE void store_wide(float *p, wide v) { memcpy(p, &v, sizeof v); }

INLINE complex_wide plus(complex_wide a, complex_wide b) { return (complex_wide){a.r + b.r, a.i + b.i}; }
INLINE complex_wide minus(complex_wide a, complex_wide b) { return (complex_wide){a.r - b.r, a.i - b.i}; }
// a - ib and a + ib.
INLINE complex_wide minus_turned(complex_wide a, complex_wide b) { return (complex_wide){a.r + b.i, a.i - b.r}; }
INLINE complex_wide plus_turned(complex_wide a, complex_wide b) { return (complex_wide){a.r - b.i, a.i + b.r}; }

INLINE complex_wide load_complex(const float *p, int length) {
  return (complex_wide){load_wide(p), load_wide(p + length)};
}

// DFT of the eight numbers that lie `eighth` apart from x on: two transforms of four, of the even and the odd ones,
// joined.
INLINE void butterfly_8(const float *x, int eighth, int length, complex_wide out[8]) {
  const float r = 0.707106781f;  // sqrt(1/2)
#define X(k) load_complex(x + k * eighth, length)
  complex_wide a = plus(X(0), X(4)), a1 = minus(X(0), X(4)), b = plus(X(2), X(6)), b1 = minus(X(2), X(6));
  complex_wide even_0 = plus(a, b), even_2 = minus(a, b), even_1 = minus_turned(a1, b1), even_3 = plus_turned(a1, b1);
  complex_wide c = plus(X(1), X(5)), c1 = minus(X(1), X(5)), d = plus(X(3), X(7)), d1 = minus(X(3), X(7));
#undef X
  complex_wide odd_0 = plus(c, d), odd_2 = minus(c, d), odd_1 = minus_turned(c1, d1), odd_3 = plus_turned(c1, d1);
  // Times exp(-i pi / 4); -i times that is exp(-3 i pi / 4).
  odd_1 = (complex_wide){(odd_1.r + odd_1.i) * r, (odd_1.i - odd_1.r) * r};
  odd_3 = (complex_wide){(odd_3.r + odd_3.i) * r, (odd_3.i - odd_3.r) * r};
  out[0] = plus(even_0, odd_0);
  out[1] = plus(even_1, odd_1);
  out[2] = minus_turned(even_2, odd_2);
  out[3] = minus_turned(even_3, odd_3);
  out[4] = minus(even_0, odd_0);
  out[5] = minus(even_1, odd_1);
  out[6] = plus_turned(even_2, odd_2);
  out[7] = plus_turned(even_3, odd_3);
}

// Neighbours from a and b, lane beside lane, inside each four lanes.
#if defined(WITH_AVX512)
#define ZIP(a, b, l)                                                                                              \
  __builtin_shufflevector(a, b, l, l + 16, l + 1, l + 17, l + 4, l + 20, l + 5, l + 21, l + 8, l + 24, l + 9, l + 25, \
      l + 12, l + 28, l + 13, l + 29)
#elif defined(WITH_AVX2)
#define ZIP(a, b, l) __builtin_shufflevector(a, b, l, l + 8, l + 1, l + 9, l + 4, l + 12, l + 5, l + 13)
#else
#define ZIP(a, b, l) __builtin_shufflevector(a, b, l, l + 4, l + 1, l + 5)
#endif

// Lane l of vector k goes to place 8l + k: squares of four are transposed, then stored.
INLINE void store_interleaved_8(float *p, const wide v[8]) {
  for (int k = 0; k < 8; k += 4) {
    wide a = ZIP(v[k], v[k + 2], 0), b = ZIP(v[k], v[k + 2], 2);
    wide c = ZIP(v[k + 1], v[k + 3], 0), d = ZIP(v[k + 1], v[k + 3], 2);
    wide rows[4] = {ZIP(a, c, 0), ZIP(a, c, 2), ZIP(b, d, 0), ZIP(b, d, 2)};
    for (int row = 0; row < 4; row++) {
      for (int lane = 0; lane < WIDTH; lane += 4) memcpy(p + 8 * (lane + row) + k, (float *)&rows[row] + lane, 16);
    }
  }
}

INLINE void store_complex(float *p, int length, complex_wide v) {
  store_wide(p, v.r);
  store_wide(p + length, v.i);
}

// One pass: x[index + k length / 8] for eight k, transformed, times the twiddles, to y[q + stride (8p + k)], where
// index = q + stride p.
INLINE void pass_8(const float *x, float *y, const float *twiddles, int length, int stride) {
  for (int index = 0; index < length / 8; index += WIDTH) {
    complex_wide v[8];
    butterfly_8(x + index, length / 8, length, v);
    if (stride < length / 8) {
      const float *turns = twiddles + index / LANES * (14 * LANES) + index % LANES;
      for (int k = 1; k < 8; k++, turns += 2 * LANES) {
        wide cosine = load_wide(turns), sine = load_wide(turns + LANES);
        v[k] = (complex_wide){v[k].r * cosine - v[k].i * sine, v[k].r * sine + v[k].i * cosine};
      }
    }
    if (stride == 1) {
      wide parts[8];
      for (int k = 0; k < 8; k++) parts[k] = v[k].r;
      store_interleaved_8(y + 8 * index, parts);
      for (int k = 0; k < 8; k++) parts[k] = v[k].i;
      store_interleaved_8(y + 8 * index + length, parts);
#if defined(WITH_AVX512)
    } else if (stride == 8) {  // a vector holds two p
      for (int k = 0; k < 8; k++) {
        float *place = y + 8 * index + 8 * k;
        store8(place, half(v[k].r, 0));
        store8(place + length, half(v[k].i, 0));
        store8(place + 64, half(v[k].r, 1));
        store8(place + 64 + length, half(v[k].i, 1));
      }
#endif
    } else {
      int q = index & (stride - 1);
      float *place = y + q + 8 * (index - q);
      for (int k = 0; k < 8; k++) store_complex(place + k * stride, length, v[k]);
    }
  }
}

// The last pass, where four or two times a power of eight is left.
INLINE void pass_4(const float *x, float *y, int length) {
  int quarter = length / 4;
  for (int q = 0; q < quarter; q += WIDTH) {
    complex_wide a = load_complex(x + q, length), b = load_complex(x + q + quarter, length);
    complex_wide c = load_complex(x + q + 2 * quarter, length), d = load_complex(x + q + 3 * quarter, length);
    complex_wide even = plus(a, c), odd = plus(b, d), even_1 = minus(a, c), odd_1 = minus(b, d);
    store_complex(y + q, length, plus(even, odd));
    store_complex(y + q + quarter, length, minus_turned(even_1, odd_1));
    store_complex(y + q + 2 * quarter, length, minus(even, odd));
    store_complex(y + q + 3 * quarter, length, plus_turned(even_1, odd_1));
  }
}

INLINE void pass_2(const float *x, float *y, int length) {
  for (int q = 0; q < length / 2; q += WIDTH) {
    complex_wide a = load_complex(x + q, length), b = load_complex(x + q + length / 2, length);
    store_complex(y + q, length, plus(a, b));
    store_complex(y + q + length / 2, length, minus(a, b));
  }
}

static const float *transform(float *signal, float *work, const float *twiddles, int length) {
  int next = length / 8 * 14, stride = 64;
  pass_8(signal, work, twiddles, length, 1);
  pass_8(work, signal, twiddles + next, length, 8);
  float *from = signal, *to = work;
  for (; length / stride >= 8; stride *= 8) {
    twiddles += next;
    pass_8(from, to, twiddles + next, length, stride);
    float *read = from;
    from = to;
    to = read;
  }
  if (length == stride) return from;
  if (length / stride == 4) {
    pass_4(from, to, length);
  } else {
    pass_2(from, to, length);
  }
  return to;
}

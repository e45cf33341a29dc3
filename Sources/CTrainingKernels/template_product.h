// The matrix product. A block of rows x vectors of the result stays in registers over the whole depth; each step loads
// `vectors` registers of b and multiplies them by one number of a for each row.

// With 32 registers, 24 of the result, at most four of b and one of a; with 16, twelve, two and one.
enum { MOST_VECTORS = REGISTERS == 32 ? 4 : 2, BLOCK_REGISTERS = REGISTERS == 32 ? 24 : 12, MOST_ROWS = 12 };

// `last` is the number of lanes of the last vector.
INLINE void product_block(
    const int rows, const int vectors, const int last, const float *a, int64_t a_row, int64_t a_step, const float *b,
    int64_t b_row, float *c, int64_t c_row, int depth, int adds) {
  vector sums[MOST_ROWS][MOST_VECTORS];
  UNROLLED for (int i = 0; i < rows; i++) {
    UNROLLED for (int j = 0; j < vectors; j++) {
      sums[i][j] = (vector){0};
      if (adds) sums[i][j] = load(c + i * c_row + j * LANES, j == vectors - 1 ? last : LANES);
    }
  }
  for (int k = 0; k < depth; k++, a += a_step, b += b_row) {
    vector right[MOST_VECTORS];
    UNROLLED for (int j = 0; j < vectors; j++) right[j] = load(b + j * LANES, j == vectors - 1 ? last : LANES);
    UNROLLED for (int i = 0; i < rows; i++) {
      float left = a[i * a_row];
      UNROLLED for (int j = 0; j < vectors; j++) sums[i][j] += left * right[j];
    }
  }
  UNROLLED for (int i = 0; i < rows; i++) {
    UNROLLED for (int j = 0; j < vectors; j++) {
      store(c + i * c_row + j * LANES, sums[i][j], j == vectors - 1 ? last : LANES);
    }
  }
}

// A panel of columns, all rows.
INLINE void product_panel(
    const int vectors, const int last, const float *a, int64_t a_row, int64_t a_step, const float *b, int64_t b_row,
    float *c, int64_t c_row, int rows, int depth, int adds) {
  const int block = BLOCK_REGISTERS / vectors < MOST_ROWS ? BLOCK_REGISTERS / vectors : MOST_ROWS;
  int i = 0;
  for (; i + block <= rows; i += block) {
    product_block(block, vectors, last, a + i * a_row, a_row, a_step, b, b_row, c + i * c_row, c_row, depth, adds);
  }
  for (; i + block / 2 <= rows; i += block / 2) {
    product_block(block / 2, vectors, last, a + i * a_row, a_row, a_step, b, b_row, c + i * c_row, c_row, depth, adds);
  }
  for (; i < rows; i++) {
    product_block(1, vectors, last, a + i * a_row, a_row, a_step, b, b_row, c + i * c_row, c_row, depth, adds);
  }
}

static void product(
    const float *a, int64_t a_row, int64_t a_step, const float *b, int64_t b_row, float *c, int64_t c_row, int rows,
    int columns, int depth, int adds) {
  int j = 0, left = columns / LANES;
#define PANEL(vectors, last) \
  product_panel(vectors, last, a, a_row, a_step, b + j, b_row, c + j, c_row, rows, depth, adds)
  while (left > 0) {
#if REGISTERS == 32
    // Panels of three or four, with no single one left over.
    if (left == 4 || left > 6) {
      PANEL(4, LANES), left -= 4, j += 4 * LANES;
      continue;
    }
    if (left > 2) {
      PANEL(3, LANES), left -= 3, j += 3 * LANES;
      continue;
    }
#endif
    if (left > 1) {
      PANEL(2, LANES), left -= 2, j += 2 * LANES;
    } else {
      PANEL(1, LANES), left -= 1, j += LANES;
    }
  }
  if (j < columns) PANEL(1, columns - j);
#undef PANEL
}

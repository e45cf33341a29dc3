// Part of template.h: a matrix product whose sums are the result.
//
// The register tile is that of template_image.h: rows × vectors sums, a step multiplies 4 bytes of each row with one
// step's weights. The weights of one panel stay in the first-level cache while all rows pass by.

typedef struct {
  const uint8_t *cells;  // the tile's first row
  ptrdiff_t step;        // bytes from one step's cells to the next's
  int32_t steps;
  const uint8_t *weights;
  const int32_t *biases;
  int32_t *sums;
  ptrdiff_t channels;
} OWN(product);

INLINE void multiply_tile(const int rows, const int vectors, const OWN(product) *product) {
  ints sums[ROWS][VECTORS];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < vectors; v++) sums[r][v] = load_ints(product->biases + v * LANES);
  }
  const uint8_t *cells = product->cells, *packed = product->weights;
  const ptrdiff_t step = product->step;
  const int32_t steps = product->steps;
  UNROLL_STEPS for (int32_t i = 0; i < steps; i++, cells += step, packed += vectors * WEIGHT_BYTES) {
    BARRIER();
    weights w[VECTORS];
    UNROLL for (int v = 0; v < vectors; v++) w[v] = load_weights(packed + v * WEIGHT_BYTES);
    UNROLL for (int r = 0; r < rows; r++) {
      cell x = cell_of(load_quad(cells + r / 4 * 16), r % 4);
      UNROLL for (int v = 0; v < vectors; v++) sums[r][v] = multiply_add(sums[r][v], x, w[v]);
    }
  }
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < vectors; v++) store_ints(product->sums + r * product->channels + v * LANES, sums[r][v]);
  }
}

#define PRODUCT(rows, vectors) \
  TARGET static void product_##rows##_##vectors(const OWN(product) *p) { multiply_tile(rows, vectors, p); }
#define PRODUCTS(vectors) TILE_LIST(PRODUCT, vectors)
#define PRODUCT_POINTER(rows, vectors) product_##rows##_##vectors,
#define PRODUCT_POINTERS(vectors) {TILE_LIST(PRODUCT_POINTER, vectors)}

PRODUCTS(1)
#if VECTORS >= 2
PRODUCTS(2)
#endif
#if VECTORS == 4
PRODUCTS(3)
PRODUCTS(4)
#endif

static void (*const products[VECTORS][ROWS])(const OWN(product) *) = {
    PRODUCT_POINTERS(1),
#if VECTORS >= 2
    PRODUCT_POINTERS(2),
#endif
#if VECTORS == 4
    PRODUCT_POINTERS(3),
    PRODUCT_POINTERS(4),
#endif
};

TARGET static void multiply(const serd_int8_matrix *matrix, const uint8_t *cells, int32_t row_stride, int32_t rows,
                            int32_t *sums) {
  const int32_t channels = matrix->channels;
  for (int32_t channel = 0; channel < channels; channel += PANEL) {
    const int32_t vectors = vectors_from(channel, channels);
    OWN(product) product = {
        .step = (ptrdiff_t)row_stride * 4,
        .steps = matrix->steps,
        .weights = matrix->weights + (size_t)(channel / LANES) * (size_t)matrix->steps * WEIGHT_BYTES,
        .biases = matrix->biases + channel,
        .channels = channels,
    };
    OWN(span) span;
    for (int32_t row = 0; row < rows; row += span.rows) {
      span = next_span(row, rows, 1);
      product.cells = cells + (ptrdiff_t)row * 4;
      product.sums = sums + (ptrdiff_t)row * channels + channel;
      products[vectors - 1][span.rows - 1](&product);
    }
  }
}

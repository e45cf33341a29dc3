// Part of template.h: a matrix product whose sums are the result.
//
// The register tile is that of template_image.h: rows × vectors sums, a step multiplies 4 bytes of each row with one
// step's weights. The weights of one panel stay in the first-level cache while all rows pass by.
//
// Neighbouring weights of a matrix have magnitudes of at most 128 together, so two products of a byte fit in 16 bits
// even where it is unsigned. A set that gains by that defines PAIRED, and its own of what is defined here otherwise.
#ifndef PAIRED
#define PAIRED_WEIGHT_BYTES WEIGHT_BYTES
#define PAIRED_ROWS ROWS
#define PAIRED_TILE_LIST TILE_LIST
#define paired_cell cell
#define paired_cell_of cell_of
#define paired_weights weights
#define load_paired_weights load_weights
#define paired_multiply_add multiply_add
#define pack_paired_lane pack_lane
#endif

typedef struct {
  const uint8_t *cells;  // the tile's first row
  ptrdiff_t step;        // bytes from one step's cells to the next's
  int32_t steps;
  const uint8_t *weights;
  ptrdiff_t ahead;  // bytes from there to what is fetched for later
  const int32_t *biases;
  int32_t *sums;
  ptrdiff_t channels;
} OWN(product);

INLINE void multiply_tile(const int rows, const int vectors, const OWN(product) *product) {
  ints sums[PAIRED_ROWS][VECTORS];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < vectors; v++) sums[r][v] = load_ints(product->biases + v * LANES);
  }
  const uint8_t *cells = product->cells, *packed = product->weights;
  const ptrdiff_t step = product->step;
  const int32_t steps = product->steps;
  const ptrdiff_t panel = product->ahead;
  UNROLL_STEPS for (int32_t i = 0; i < steps; i++, cells += step, packed += vectors * PAIRED_WEIGHT_BYTES) {
    BARRIER();
    paired_weights w[VECTORS];
    UNROLL for (int v = 0; v < vectors; v++) {
      w[v] = load_paired_weights(packed + v * PAIRED_WEIGHT_BYTES);
      // For the next panel's first tile, which would wait for them.
      __builtin_prefetch(packed + v * PAIRED_WEIGHT_BYTES + panel, 0, 2);
    }
    UNROLL for (int r = 0; r < rows; r++) {
      paired_cell x = paired_cell_of(load_quad(cells + r / 4 * 16), r % 4);
      UNROLL for (int v = 0; v < vectors; v++) sums[r][v] = paired_multiply_add(sums[r][v], x, w[v]);
    }
  }
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < vectors; v++) store_ints(product->sums + r * product->channels + v * LANES, sums[r][v]);
  }
}

#define PRODUCT(rows, vectors) \
  TARGET static void product_##rows##_##vectors(const OWN(product) *p) { multiply_tile(rows, vectors, p); }
#define PRODUCTS(vectors) PAIRED_TILE_LIST(PRODUCT, vectors)
#define PRODUCT_POINTER(rows, vectors) product_##rows##_##vectors,
#define PRODUCT_POINTERS(vectors) {PAIRED_TILE_LIST(PRODUCT_POINTER, vectors)}

PRODUCTS(1)
#if VECTORS >= 2
PRODUCTS(2)
#endif
#if VECTORS == 4
PRODUCTS(3)
PRODUCTS(4)
#endif

static void (*const products[VECTORS][PAIRED_ROWS])(const OWN(product) *) = {
    PRODUCT_POINTERS(1),
#if VECTORS >= 2
    PRODUCT_POINTERS(2),
#endif
#if VECTORS == 4
    PRODUCT_POINTERS(3),
    PRODUCT_POINTERS(4),
#endif
};

static size_t packed_matrix_size(int32_t channels, int32_t steps) {
  return (size_t)(padded(channels) / LANES) * (size_t)steps * PAIRED_WEIGHT_BYTES;
}

TARGET static void pack_matrix(const int8_t *source, int32_t channels, int32_t steps, uint8_t *packed) {
  for (int32_t panel = 0; panel < channels; panel += PANEL) {
    for (int32_t step = 0; step < steps; step++) {
      for (int32_t v = 0; v < vectors_from(panel, channels); v++, packed += PAIRED_WEIGHT_BYTES) {
        for (int32_t lane = 0; lane < LANES; lane++) {
          const size_t channel = (size_t)(panel + v * LANES + lane);
          pack_paired_lane(source + (channel * (size_t)steps + (size_t)step) * 4, lane, packed);
        }
      }
    }
  }
}

TARGET static void multiply(const serd_int8_matrix *matrix, const uint8_t *cells, int32_t rows, int32_t *sums) {
  const int32_t channels = matrix->channels, height = serd_int8_tile_height(PAIRED_ROWS, rows);
  const size_t panel_bytes = (size_t)matrix->steps * PAIRED_WEIGHT_BYTES;
  for (int32_t channel = 0; channel < channels; channel += PANEL) {
    const int32_t vectors = vectors_from(channel, channels);
    OWN(product) product = {
        .cells = cells,
        .step = (ptrdiff_t)height * 4,
        .steps = matrix->steps,
        .weights = matrix->weights + (size_t)(channel / LANES) * panel_bytes,
        .ahead = (ptrdiff_t)(panel_bytes * VECTORS),
        .biases = matrix->biases + channel,
        .sums = sums + channel,
        .channels = channels,
    };
    for (int32_t row = 0; row < rows; row += height) {
      products[vectors - 1][smaller(height, rows - row) - 1](&product);
      product.ahead = 0;
      product.cells += (ptrdiff_t)matrix->steps * height * 4;
      product.sums += (ptrdiff_t)height * channels;
    }
  }
}

// Part of template.h: convolution of an image, and row sums for a global pool.
//
// The register tile, with V = VECTORS, R = ROWS, L = LANES:
//
//                        weights of one step: V vectors
//                     [ channels 0..<L ][ channels L..<2L ]
//        cell row 0   [  sums[0][0]    ][  sums[0][1]     ]
//        cell row 1   [  sums[1][0]    ][  sums[1][1]     ]     a step multiplies 4 input channels of each row's cell
//            …                 …                                (one broadcast per row) with the weights and adds
//        cell row R-1 [  sums[R-1][0]  ][  sums[R-1][1]   ]     to all R × V sums
//
// The tile is one column wide: the cells of a column are neighbours in memory, and taps outside to the left or right
// are left out by starting later or ending earlier. With a kernel of 3 rows, as in the shipped networks, the first row
// also leaves out the taps above it and the last those below; taller kernels read the halo. All kernel_width × groups ×
// kernel_height steps run with the sums in registers; the weights of one panel (L × V channels) stay in the first-level
// cache while all tiles of the image pass by.
//
// Tried, and did not pay (`tools/kernel-driver/run bench`, AVX-512 VNNI on a Xeon of 2023 with a peak of 383 GMAC/s,
// layer 4, which reaches 381 now):
// - Images with channels innermost: a tile's rows are a stride apart and need a general register each, of which there
//   are 16. What the compiler spills leaves 160 to 300 GMAC/s.
// - Kernel rows outermost, three passes over the same cache lines, and each row added to the pool's sums in memory:
//   351, then 367.
// - The zero point in 32 bits, and every product clamped as a float: 367.
// - No barrier before each step: the compiler loads the cells of many steps first and spills them. 228; AVX-VNNI 115
//   instead of 179.
// - AVX2 with 4 vectors × 2 or 3 rows, so that a widened cell serves more channels: its 16-bit weights leave the
//   first-level cache, 51 instead of 55. NEON without dot product with 4 vectors × 4 rows: spills.

// A tile: `rows` cells of one column, `vectors` vectors of output channels.

typedef struct {
  const uint8_t *input;  // the first row's cell for the first tap
  ptrdiff_t gap;         // bytes between the tile's first SEAM rows and the others; usually 0
  ptrdiff_t step;        // bytes from a group of 4 channels to the next, over columns too
  int32_t kernel_rows;   // kernel_height
  int32_t groups;        // groups of channels over all columns of the kernel that are inside
  const uint8_t *weights;
  const int32_t *biases;  // of this column, for rows whose taps are all added
  ptrdiff_t edge_biases;  // from there to those without the taps above, without those below, without both
  int32_t is_top, is_bottom;  // whether its first row leaves out the taps above, its last row those below
  const float *grid;          // PReLU's for positive sums, or NULL for ReLU
  int32_t to_negative;  // from there to the grid for negative sums
  int32_t pool_rows;
  int32_t *sums;  // [pooled row][PANEL]
} OWN(tile);

// One group of 4 channels, at all rows of the kernel: `kernel_rows` steps.
INLINE const uint8_t *add_group(
    const int rows, const int vectors, int32_t kernel_rows, const int is_top, const int is_bottom,
    const uint8_t *input, ptrdiff_t gap, const uint8_t *packed, ints sums[ROWS][VECTORS]) {
  const uint8_t *others = input + gap;
  UNROLL_STEPS for (int32_t ky = 0; ky < kernel_rows; ky++, packed += vectors * WEIGHT_BYTES) {
    BARRIER();
    weights w[VECTORS];
    UNROLL for (int v = 0; v < vectors; v++) w[v] = load_weights(packed + v * WEIGHT_BYTES);
    UNROLL for (int r = 0; r < rows; r++) {
      if ((is_top && ky == 0 && r == 0) || (is_bottom && ky == kernel_rows - 1 && r == rows - 1)) continue;
      cell x = cell_of(load_quad((r < SEAM ? input : others) + ky * 4 + r / 4 * 16), r % 4);
      UNROLL for (int v = 0; v < vectors; v++) sums[r][v] = multiply_add(sums[r][v], x, w[v]);
    }
  }
  return packed;
}

// Activates the tile and adds it to the pool's sums, pairs of rows in registers.
INLINE void add_to_pool(
    const int rows, const int vectors, const int is_prelu, const OWN(tile) *tile, ints sums[ROWS][VECTORS]) {
  int32_t *pooled = tile->sums, left = tile->pool_rows;
  const int at_once = tile->pool_rows == 2 ? 2 : 1;
  UNROLL for (int r = 0; r < rows; r++) {
    if (at_once == 2 && r % 2 == 1) continue;
    UNROLL for (int v = 0; v < vectors; v++) {
      const float *grid = is_prelu ? tile->grid + v * LANES : NULL;
      ints value = activated(is_prelu, sums[r][v], grid, tile->to_negative);
      if (at_once == 2 && r + 1 < rows) {
        value = added(value, activated(is_prelu, sums[r + 1][v], grid, tile->to_negative));
      }
      store_ints(pooled + v * LANES, added(load_ints(pooled + v * LANES), value));
    }
    left -= at_once;
    if (left <= 0) {
      pooled += PANEL;
      left = tile->pool_rows;
    }
  }
}

// All groups of the kernel.
INLINE void add_groups(
    const int rows, const int vectors, const int32_t kernel_rows, const int is_top, const int is_bottom,
    const OWN(tile) *tile, ints sums[ROWS][VECTORS]) {
  const uint8_t *input = tile->input, *packed = tile->weights;
  const ptrdiff_t step = tile->step, gap = tile->gap;
  const int32_t groups = tile->groups;
  for (int32_t i = 0; i < groups; i++, input += step) {
    packed = add_group(rows, vectors, kernel_rows, is_top, is_bottom, input, gap, packed, sums);
  }
}

INLINE void convolve_tile(const int rows, const int vectors, const OWN(tile) *tile) {
  ints sums[ROWS][VECTORS];
  const int is_top = tile->is_top, is_bottom = tile->is_bottom;
  UNROLL for (int r = 0; r < rows; r++) {
    const int edge = (r == 0 ? is_top : 0) + (r == rows - 1 ? 2 * is_bottom : 0);
    UNROLL for (int v = 0; v < vectors; v++) {
      sums[r][v] = load_ints(tile->biases + edge * tile->edge_biases + v * LANES);
    }
  }
  if (tile->kernel_rows != 3) {
    add_groups(rows, vectors, tile->kernel_rows, 0, 0, tile, sums);
  } else if (!is_top && !is_bottom) {
    add_groups(rows, vectors, 3, 0, 0, tile, sums);
  } else if (!is_bottom) {
    add_groups(rows, vectors, 3, 1, 0, tile, sums);
  } else if (!is_top) {
    add_groups(rows, vectors, 3, 0, 1, tile, sums);
  } else {
    add_groups(rows, vectors, 3, 1, 1, tile, sums);
  }
  if (tile->grid) {
    add_to_pool(rows, vectors, 1, tile, sums);
  } else {
    add_to_pool(rows, vectors, 0, tile, sums);
  }
}

// One function per size of tile, so that all loops over it unroll.
#define TILE(rows, vectors) \
  TARGET static void tile_##rows##_##vectors(const OWN(tile) *tile) { convolve_tile(rows, vectors, tile); }
#define TILES(vectors) TILE_LIST(TILE, vectors)
#define TILE_POINTER(rows, vectors) tile_##rows##_##vectors,
#define TILE_POINTERS(vectors) {TILE_LIST(TILE_POINTER, vectors)}

TILES(1)
#if VECTORS >= 2
TILES(2)
#endif
#if VECTORS == 4
TILES(3)
TILES(4)
#endif

static void (*const tiles[VECTORS][ROWS])(const OWN(tile) *) = {
    TILE_POINTERS(1),
#if VECTORS >= 2
    TILE_POINTERS(2),
#endif
#if VECTORS == 4
    TILE_POINTERS(3),
    TILE_POINTERS(4),
#endif
};

// Rows row..<last of the convolution, cut into spans of whole pools and at most ROWS rows that are about equal, since a
// rest of one or two rows would cost as much as six. A span goes over all columns as one tile; a single pool of more
// than ROWS rows as several.
typedef struct {
  int32_t row, rows;
} OWN(span);

static inline OWN(span) next_span(int32_t row, int32_t last, int32_t pool) {
  int32_t pools = (last - row + pool - 1) / pool, at_most = pool < ROWS ? ROWS / pool : 1;
  int32_t tiles_left = (pools + at_most - 1) / at_most;
  int32_t rows = (pools + tiles_left - 1) / tiles_left * pool;
  return (OWN(span)){row, smaller(rows, last - row)};
}

INLINE OWN(tile) first_tile(const serd_int8_layer *layer, const serd_int8_image *in, int32_t channel, int32_t *sums) {
  return (OWN(tile)){
      .step = (ptrdiff_t)in->row_stride * 4,
      .kernel_rows = layer->kernel_height,
      .edge_biases = (ptrdiff_t)layer->width * padded(layer->channels),
      .grid = layer->grid ? layer->grid + channel : NULL,
      .to_negative = padded(layer->channels),
      .pool_rows = layer->pool_height,
      .sums = sums,
  };
}

// Points the tile at column x and rows `row` to `last` of the convolution, with the taps that are inside.
INLINE void point(
    OWN(tile) *tile, const serd_int8_layer *layer, const serd_int8_image *in, int32_t channel, int32_t row,
    int32_t last, int32_t x) {
  const int32_t vectors = vectors_from(channel, layer->channels), half = layer->kernel_width / 2;
  const int32_t from = x < half ? half - x : 0;
  const int32_t to = smaller(layer->kernel_width, layer->width + half - x);
  tile->input =
      in->origin + ((ptrdiff_t)(x - half + from) * in->groups * in->row_stride + row - layer->kernel_height / 2) * 4;
  tile->groups = (to - from) * in->groups;
  tile->weights =
      panel_weights(layer, channel) + (ptrdiff_t)from * in->groups * layer->kernel_height * vectors * WEIGHT_BYTES;
  tile->biases = layer->biases + (ptrdiff_t)x * padded(layer->channels) + channel;
  tile->is_top = layer->kernel_height == 3 && row == 0;
  tile->is_bottom = layer->kernel_height == 3 && last == layer->height - 1;
}

// `sums` are those of pooled rows from `row` on.
INLINE void requantise_span(OWN(pool) pool, int32_t row, int32_t rows, int32_t *sums) {
  (pool.row = row, pool.rows = rows);
  requantise_pool(&pool, sums);
}

// Pooled rows 0..<leading and first..<last. Rows are counted without what lies between; of a span with the seam the
// first SEAM lie before that, so that a few leading rows fill a register tile together with the rest: alone, they would
// cost half as much again.
TARGET static void convolve_rows(
    const serd_int8_layer *layer, const serd_int8_image *in, const serd_int8_image *out, int32_t group, int32_t leading,
    int32_t first, int32_t last) {
  const int32_t between = (first - leading) * layer->pool_height;
  const int32_t counted = smaller(last * layer->pool_height, layer->height) - between;
  for (int32_t channel = 0; channel < layer->channels; channel += PANEL) {
    const int32_t vectors = vectors_from(channel, layer->channels);
    _Alignas(64) int32_t sums[KEPT * PANEL] = {0};
    OWN(tile) tile = first_tile(layer, in, channel, sums);
    OWN(span) span;
    for (int32_t row = 0; row < counted; row += span.rows) {
      span = next_span(row, counted, layer->pool_height);
      const int has_seam = row < leading * layer->pool_height;
      // The first span takes all leading rows, however small it is.
      if (has_seam && span.rows < SEAM) span.rows = smaller(SEAM, counted);
      const int32_t pools = (span.rows + layer->pool_height - 1) / layer->pool_height;
      tile.gap = has_seam ? (ptrdiff_t)between * 4 : 0;
      for (int32_t x = 0; x < layer->width; x++) {
        for (int32_t done = 0; done < span.rows; done += ROWS) {
          const int32_t rows = smaller(span.rows - done, ROWS);
          const int32_t start = has_seam ? row : row + between + done;
          point(&tile, layer, in, channel, start, start + rows - 1 + (has_seam && rows > SEAM ? between : 0), x);
          tiles[vectors - 1][rows - 1](&tile);
        }
        if ((x + 1) % layer->pool_width != 0 && x != layer->width - 1) continue;
        const OWN(pool) pool = {layer, out, group, channel, 0, 0, x / layer->pool_width};
        if (has_seam) {
          // The later rows first: requantising clears sums in fours.
          requantise_span(pool, first, pools - leading, sums + leading * PANEL);
          requantise_span(pool, 0, leading, sums);
        } else {
          requantise_span(pool, (row + between) / layer->pool_height, pools, sums);
        }
      }
    }
  }
}

TARGET static void convolve(
    const serd_int8_layer *layer, const serd_int8_image *in, const serd_int8_image *out, int32_t group, int32_t first,
    int32_t last) {
  convolve_rows(layer, in, out, group, 0, first, last);
}

TARGET static void convolve_ends(
    const serd_int8_layer *layer, const serd_int8_image *in, const serd_int8_image *out, int32_t group, int32_t leading,
    int32_t first, int32_t last) {
  if (leading > 0 && (leading * layer->pool_height != SEAM || ROWS <= SEAM)) {
    convolve_rows(layer, in, out, group, 0, 0, leading);
    leading = 0;
  }
  convolve_rows(layer, in, out, group, leading, first, last);
}

TARGET static void row_sums(
    const serd_int8_layer *layer, const serd_int8_image *in, int32_t *out, int32_t first, int32_t last) {
  for (int32_t channel = 0; channel < layer->channels; channel += PANEL) {
    const int32_t vectors = vectors_from(channel, layer->channels);
    _Alignas(64) int32_t sums[ROWS * PANEL];
    OWN(tile) tile = first_tile(layer, in, channel, sums);
    OWN(span) span;
    for (int32_t row = first; row < last; row += span.rows) {
      span = next_span(row, last, 1);
      memset(sums, 0, sizeof sums);
      for (int32_t x = 0; x < layer->width; x++) {
        point(&tile, layer, in, channel, row, row + span.rows - 1, x);
        tiles[vectors - 1][span.rows - 1](&tile);
      }
      for (int32_t r = 0; r < span.rows; r++) {
        memcpy(
            out + (ptrdiff_t)(row + r) * padded(layer->channels) + channel, sums + r * PANEL,
            (size_t)(vectors * LANES) * 4);
      }
    }
  }
}

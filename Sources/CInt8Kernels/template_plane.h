// Part of template.h: convolution of the one-channel input.
//
// A cell's products are a few runs of up to 4 taps, so the weights of the panel stay in registers and the
// tile is the cells of one pool:
//
//                 weights: 3 steps × V vectors, in registers for a whole column
//     cell (0, 0)   [ sum[0] ][ sum[1] ]  activated, added to  [ total[0] ][ total[1] ]
//     cell (0, 1)   [ sum[0] ][ sum[1] ]  …
//
// for the shipped networks' kernels (11 × 1, 1 × 9, 3 × 3: three runs each) and their 2 × 2 pool; any other size, and
// pools cut short at an edge, in plain loops.

enum {
  plane_steps = 3,
  most_plane_steps = 31 * 8,  // kernels have up to 31 × 31 taps
  plane_rows = 16,            // pooled rows that are summed before they are requantised, a multiple of 4
};

typedef struct {
  const serd_int8_layer *layer;
  ptrdiff_t row_bytes, column_bytes;    // from a cell to the next one below and to the right
  ptrdiff_t offsets[most_plane_steps];  // from a cell to its runs of taps
  const uint8_t *weights;
  int32_t channel;
} OWN(plane);

static inline void plane_offsets(OWN(plane) *plane) {
  const serd_int8_layer *layer = plane->layer;
  int32_t step = 0;
  // The order of the weights: along the runs first.
  for (int32_t outer = 0; outer < (layer->is_down ? layer->kernel_width : layer->kernel_height); outer++) {
    for (int32_t inner = 0; inner < (layer->is_down ? layer->kernel_height : layer->kernel_width); inner += 4) {
      const int32_t ky = layer->is_down ? inner : outer, kx = layer->is_down ? outer : inner;
      plane->offsets[step++] =
          (ky - layer->kernel_height / 2) * plane->row_bytes + (kx - layer->kernel_width / 2) * plane->column_bytes;
    }
  }
}

// Pools of 2 × 2 cells, `pools` of them one below the other.
INLINE void pools_2x2(
    const int vectors, const int is_prelu, const OWN(plane) *plane, const uint8_t *input, int32_t pools,
    int32_t *out) {
  const serd_int8_layer *layer = plane->layer;
  const ptrdiff_t below = plane->row_bytes, beside = plane->column_bytes;
  const ptrdiff_t offsets[plane_steps] = {plane->offsets[0], plane->offsets[1], plane->offsets[2]};
  const float *grid = is_prelu ? layer->grid + plane->channel : NULL;
  const int32_t to_negative = padded(layer->channels);
  weights w[plane_steps * VECTORS];
  ints biases[VECTORS];
  UNROLL for (int v = 0; v < vectors; v++) biases[v] = load_ints(layer->biases + plane->channel + v * LANES);
  UNROLL for (int i = 0; i < plane_steps * vectors; i++) w[i] = load_weights(plane->weights + i * WEIGHT_BYTES);
  for (; pools > 0; pools--, input += 2 * below, out += PANEL) {
    ints totals[VECTORS];
    UNROLL for (int i = 0; i < 4; i++) {
      const uint8_t *own = input + (i / 2) * below + (i % 2) * beside;
      ints sums[VECTORS];
      UNROLL for (int v = 0; v < vectors; v++) sums[v] = biases[v];
      UNROLL for (int s = 0; s < plane_steps; s++) {
        cell x = one_cell(own + offsets[s]);
        UNROLL for (int v = 0; v < vectors; v++) sums[v] = multiply_add(sums[v], x, w[s * vectors + v]);
      }
      UNROLL for (int v = 0; v < vectors; v++) {
        ints value = activated(is_prelu, sums[v], is_prelu ? grid + v * LANES : NULL, to_negative);
        totals[v] = i == 0 ? value : added(totals[v], value);
      }
    }
    UNROLL for (int v = 0; v < vectors; v++) store_ints(out + v * LANES, totals[v]);
  }
}

// One pool of any size.
INLINE void pool_any(
    const int vectors, const OWN(plane) *plane, const uint8_t *input, int32_t rows, int32_t columns, int32_t *out) {
  const serd_int8_layer *layer = plane->layer;
  ints totals[VECTORS];
  UNROLL for (int v = 0; v < vectors; v++) totals[v] = zeros();
  for (int32_t i = 0; i < rows * columns; i++) {
    const uint8_t *own = input + (i / columns) * plane->row_bytes + (i % columns) * plane->column_bytes;
    ints sums[VECTORS];
    UNROLL for (int v = 0; v < vectors; v++) sums[v] = load_ints(layer->biases + plane->channel + v * LANES);
    for (int32_t s = 0; s < layer->steps; s++) {
      cell x = one_cell(own + plane->offsets[s]);
      UNROLL for (int v = 0; v < vectors; v++) {
        sums[v] = multiply_add(sums[v], x, load_weights(plane->weights + (s * vectors + v) * WEIGHT_BYTES));
      }
    }
    UNROLL for (int v = 0; v < vectors; v++) {
      const float *grid = layer->grid ? layer->grid + plane->channel + v * LANES : NULL;
      ints value = layer->grid ? activated(1, sums[v], grid, padded(layer->channels)) : activated(0, sums[v], NULL, 0);
      totals[v] = added(totals[v], value);
    }
  }
  UNROLL for (int v = 0; v < vectors; v++) store_ints(out + v * LANES, totals[v]);
}

static inline void add_residual(
    const OWN(plane) *plane, const uint8_t *input, int32_t rows, int32_t columns, int32_t channels, int32_t *sums) {
  int32_t addition = 0;
  for (int32_t i = 0; i < rows * columns; i++) {
    addition += plane->layer->residual[input[(i / columns) * plane->row_bytes + (i % columns) * plane->column_bytes]];
  }
  for (int32_t c = 0; c < channels; c++) sums[c] += addition;
}

// Pooled rows first..<last of one pooled column, at most plane_rows.
INLINE void plane_column(
    const int vectors, const OWN(plane) *plane, const uint8_t *origin, int32_t column, int32_t first, int32_t last,
    int32_t *sums) {
  const serd_int8_layer *layer = plane->layer;
  const int32_t columns = smaller(layer->pool_width, layer->width - column * layer->pool_width);
  const uint8_t *input = origin + column * layer->pool_width * plane->column_bytes;
  const ptrdiff_t pool_bytes = layer->pool_height * plane->row_bytes;
  int32_t row = first;
  if (layer->steps == plane_steps && layer->pool_height == 2 && columns == 2) {
    const int32_t whole = smaller(last, layer->height / 2);
    if (layer->grid) {
      pools_2x2(vectors, 1, plane, input + row * pool_bytes, whole - row, sums);
    } else {
      pools_2x2(vectors, 0, plane, input + row * pool_bytes, whole - row, sums);
    }
    row = whole;
  }
  for (; row < last; row++) {
    const int32_t rows = smaller(layer->pool_height, layer->height - row * layer->pool_height);
    pool_any(vectors, plane, input + row * pool_bytes, rows, columns, sums + (row - first) * PANEL);
  }
  for (row = first; layer->residual && row < last; row++) {
    const int32_t rows = smaller(layer->pool_height, layer->height - row * layer->pool_height);
    add_residual(plane, input + row * pool_bytes, rows, columns, vectors * LANES, sums + (row - first) * PANEL);
  }
}

#define COLUMN(vectors)                                                                                              \
  TARGET static void plane_column_##vectors(                                                                         \
      const OWN(plane) *plane, const uint8_t *origin, int32_t column, int32_t first, int32_t last, int32_t *sums) { \
    plane_column(vectors, plane, origin, column, first, last, sums);                                                 \
  }

COLUMN(1)
#if VECTORS >= 2
COLUMN(2)
#endif
#if VECTORS == 4
COLUMN(3)
COLUMN(4)
#endif

static void (*const plane_columns[VECTORS])(
    const OWN(plane) *, const uint8_t *, int32_t, int32_t, int32_t, int32_t *) = {
    plane_column_1,
#if VECTORS >= 2
    plane_column_2,
#endif
#if VECTORS == 4
    plane_column_3,
    plane_column_4,
#endif
};

TARGET static void convolve_plane(
    const serd_int8_layer *layer, const serd_int8_planes *in, const serd_int8_image *out, int32_t group, int32_t first,
    int32_t last) {
  OWN(plane) plane = {.layer = layer, .row_bytes = 1, .column_bytes = in->down_stride};
  if (!layer->is_down) plane.row_bytes = in->across_stride, plane.column_bytes = 1;
  plane_offsets(&plane);
  const uint8_t *origin = layer->is_down ? in->down : in->across;
  const int32_t columns = (layer->width + layer->pool_width - 1) / layer->pool_width;
  for (int32_t channel = 0; channel < layer->channels; channel += PANEL) {
    plane.channel = channel;
    plane.weights = panel_weights(layer, channel);
    const int32_t vectors = vectors_from(channel, layer->channels);
    for (int32_t column = 0; column < columns; column++) {
      for (int32_t row = first; row < last; row += plane_rows) {
        _Alignas(64) int32_t sums[plane_rows * PANEL];
        const int32_t end = smaller(row + plane_rows, last);
        // Rows that nobody computes are requantised too, and not stored.
        if (end - row < plane_rows) memset(sums, 0, sizeof sums);
        plane_columns[vectors - 1](&plane, origin, column, row, end, sums);
        const OWN(pool) pool = {layer, out, group, channel, row, end - row, column};
        requantise_pool(&pool, sums);
      }
    }
  }
}

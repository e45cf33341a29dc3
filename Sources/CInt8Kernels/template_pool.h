// Part of template.h: from a pool's sums to stored bytes.

// From pooled sums [row][PANEL] to stored bytes in the output image, for `rows` rows from `row` on of column `column`;
// the sums are cleared for the next.
typedef struct {
  const serd_int8_layer *layer;
  const serd_int8_image *out;
  int32_t group;    // of the output, that channel 0 goes to
  int32_t channel;  // the panel's first
  int32_t row, rows, column;
} OWN(pool);

// Without the zero point.
INLINE ints requantised(const int is_bounded, const int32_t *sums, const float *scales) {
  floats value = multiplied(to_floats(load_ints(sums)), load_floats(scales));
  // Clamped as a float where the product may exceed an int32: where an output's scale is far too small for its values.
  return rounded(is_bounded ? value : within(value, -512, 512));
}

INLINE void requantise_rows(const int is_bounded, const OWN(pool) *pool, int32_t *sums) {
  const serd_int8_layer *layer = pool->layer;
  const int32_t width = padded(layer->channels), groups = (layer->channels + 3) / 4;
  const int is_short_column = (pool->column + 1) * layer->pool_width > layer->width;
  const int32_t short_row =
      layer->height % layer->pool_height == 0 ? -1 : layer->height / layer->pool_height - pool->row;
  const ptrdiff_t group_bytes = (ptrdiff_t)pool->out->row_stride * 4;
  for (int32_t v = 0; v < vectors_from(pool->channel, layer->channels); v++) {
    const int32_t channel = pool->channel + v * LANES, kept_groups = smaller(LANES / 4, groups - channel / 4);
    const float *scales = layer->scales + (is_short_column ? width : 0) + channel;
    uint8_t *cells = pool->out->origin +
                     ((ptrdiff_t)pool->column * pool->out->groups + pool->group + channel / 4) * group_bytes +
                     (ptrdiff_t)pool->row * 4;
    int32_t *own = sums + v * LANES;
    for (int32_t r = 0; r < pool->rows; r += 4, cells += 16) {
      ints values[4];
      UNROLL for (int i = 0; i < 4; i++, own += PANEL) {
        values[i] = requantised(is_bounded, own, scales + (r + i == short_row ? 2 * width : 0));
        store_ints(own, zeros());
      }
      if (pool->rows - r >= 4 && kept_groups == LANES / 4) {
        store_quads(values, layer->output_zero_point, cells, group_bytes);
      } else {
        uint8_t bytes[LANES * 4];
        store_quads(values, layer->output_zero_point, bytes, 16);
        for (int32_t g = 0; g < kept_groups; g++) {
          // Cell by cell: a copy of a size that compilers do not know is a call.
          for (int32_t i = 0; i < smaller(4, pool->rows - r); i++) {
            memcpy(cells + g * group_bytes + i * 4, bytes + g * 16 + i * 4, 4);
          }
        }
      }
    }
  }
}

TARGET static void requantise_pool(const OWN(pool) *pool, int32_t *sums) {
  if (pool->layer->is_bounded) {
    requantise_rows(1, pool, sums);
  } else {
    requantise_rows(0, pool, sums);
  }
}

TARGET static void pool_rows(const serd_int8_layer *layer, const int32_t *sums, int32_t rows, uint8_t *out) {
  const int32_t width = padded(layer->channels);
  for (int32_t channel = 0; channel < width; channel += LANES) {
    ints total = zeros();
    for (int32_t r = 0; r < rows; r++) total = added(total, load_ints(sums + (ptrdiff_t)r * width + channel));
    int32_t values[LANES];
    store_ints(values, total);
    ints value = requantised(0, values, layer->scales + channel);
    store_bytes(added(value, all_ints(layer->output_zero_point)), out + channel);
  }
}

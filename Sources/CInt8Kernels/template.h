// The kernels, written once. A file per instruction set defines these, then includes this file:
//
//   NAME            the set's name, as an identifier
//   FLIP            0 or 0x80 (CInt8Kernels.h, "Stored bytes")
//   TARGET          function attribute that turns the instruction set on
//   LANES           output channels per vector
//   VECTORS         vectors of the register tile's width, 1, 2 or 4
//   ROWS            rows of the register tile's height: rows × vectors accumulators stay in registers
//   WEIGHT_BYTES    packed bytes of a vector's weights for one step (4 input bytes)
//   ints, floats    a vector of LANES int32_t, of LANES float
//   quad            4 cells that are neighbours in memory, of 4 bytes each
//   cell            one cell, ready to be multiplied with
//   weights         a vector's weights for one step
//
// and the functions below that are used and not defined here. The register tile, with V = VECTORS, R = ROWS:
//
//                        weights of one step: V vectors
//                     [ channels 0..<L ][ channels L..<2L ]
//        cell row 0   [  sums[0][0]    ][  sums[0][1]     ]
//        cell row 1   [  sums[1][0]    ][  sums[1][1]     ]     a step multiplies 4 input channels of each row's cell
//            …                 …                                (one broadcast per row) with the weights and adds
//        cell row R-1 [  sums[R-1][0]  ][  sums[R-1][1]   ]     to all R × V sums
//
// The tile is one column wide: the cells of a column are neighbours in memory, and taps outside to the left or right are left out
// by starting later or ending earlier. All kernel_height × kernel_width × groups steps run with the sums in registers; the
// weights of one panel (L × V channels) stay in the first-level cache while all tiles of the image pass by.
#include <string.h>

#include "CInt8Kernels.h"

#define CONCATENATE_(a, b) a##_##b
#define CONCATENATE(a, b) CONCATENATE_(a, b)
#define OWN(name) CONCATENATE(name, NAME)
#define INLINE TARGET static inline __attribute__((always_inline))
#define PANEL (LANES * VECTORS)
// Rows of pooled sums that are kept at a time, a multiple of 4.
#define KEPT ((ROWS + 3) / 4 * 4)
// Rows of a tile that may lie apart from the others.
#define SEAM 4
// Full unrolling keeps the arrays of accumulators in registers. The barrier keeps compilers from loading all steps' cells first
// and spilling them: clang 21 did, at half the speed.
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#define UNROLL_STEPS _Pragma("clang loop unroll_count(3)")
#else
#define UNROLL_STEPS
#define UNROLL _Pragma("GCC unroll 64")
#endif
#define BARRIER() __asm__ volatile("" ::: "memory")

static inline int32_t padded(int32_t channels) { return (channels + LANES - 1) / LANES * LANES; }
static inline int32_t smaller(int32_t a, int32_t b) { return a < b ? a : b; }
static inline int32_t vectors_from(int32_t channel, int32_t channels) {
  return smaller(VECTORS, (padded(channels) - channel) / LANES);
}

// Packing: panels of VECTORS × LANES channels, the last one perhaps of fewer vectors; a panel is [step][vector][WEIGHT_BYTES].

static size_t packed_size(int32_t channels, int32_t steps) {
  return (size_t)(padded(channels) / LANES) * (size_t)steps * WEIGHT_BYTES;
}

TARGET static void pack(const int8_t *source, int32_t channels, int32_t steps, uint8_t *packed) {
  for (int32_t panel = 0; panel < channels; panel += PANEL) {
    for (int32_t step = 0; step < steps; step++) {
      for (int32_t v = 0; v < vectors_from(panel, channels); v++, packed += WEIGHT_BYTES) {
        for (int32_t lane = 0; lane < LANES; lane++) {
          int32_t channel = panel + v * LANES + lane;
          int8_t none[4] = {0};
          pack_lane(channel < channels ? source + ((size_t)channel * (size_t)steps + (size_t)step) * 4 : none, lane, packed);
        }
      }
    }
  }
}

static inline const uint8_t *panel_weights(const serd_int8_layer *layer, int32_t channel) {
  return layer->weights + (size_t)(channel / LANES) * (size_t)layer->steps * WEIGHT_BYTES;
}

// A tile: `rows` cells of one column, `vectors` vectors of output channels.

typedef struct {
  const uint8_t *input;      // the first row's cell for the first tap
  ptrdiff_t gap;             // what lies between the tile's first SEAM rows and the others, in bytes; usually nothing
  ptrdiff_t step;            // from a group of 4 channels to the next, over columns too
  int32_t kernel_rows;       // kernel_height
  int32_t groups;            // groups of channels over all columns of the kernel that are inside
  const uint8_t *weights;
  const int32_t *biases;
  const float *grid;         // PReLU's for positive sums, or NULL for ReLU
  int32_t to_negative;       // from there to the grid for negative sums
  int32_t pool_rows;
  int32_t *sums;             // [pooled row][PANEL]
} OWN(tile);

// The activation of one sum: ReLU, or PReLU on its grid.
INLINE ints activated(const int is_prelu, ints sum, const float *grid, int32_t to_negative) {
  if (!is_prelu) return larger(sum, zeros());
  return rounded(multiplied(to_floats(sum), chosen_by_sign(sum, load_floats(grid), load_floats(grid + to_negative))));
}

// One group of 4 channels, at all rows of the kernel: `kernel_rows` steps.
INLINE const uint8_t *add_group(
    const int rows, const int vectors, int32_t kernel_rows, const uint8_t *input, ptrdiff_t gap, const uint8_t *packed,
    ints sums[ROWS][VECTORS]) {
  const uint8_t *others = input + gap;
  UNROLL_STEPS for (int32_t ky = 0; ky < kernel_rows; ky++, packed += vectors * WEIGHT_BYTES) {
    BARRIER();
    weights w[VECTORS];
    UNROLL for (int v = 0; v < vectors; v++) w[v] = load_weights(packed + v * WEIGHT_BYTES);
    UNROLL for (int r = 0; r < rows; r++) {
      cell x = cell_of(load_quad((r < SEAM ? input : others) + ky * 4 + r / 4 * 16), r % 4);
      UNROLL for (int v = 0; v < vectors; v++) sums[r][v] = multiply_add(sums[r][v], x, w[v]);
    }
  }
  return packed;
}

// Activates the tile and adds it to the pool's sums, pairs of rows in registers.
INLINE void add_to_pool(const int rows, const int vectors, const int is_prelu, const OWN(tile) *tile, ints sums[ROWS][VECTORS]) {
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

INLINE void convolve_tile(const int rows, const int vectors, const OWN(tile) *tile) {
  ints sums[ROWS][VECTORS];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < vectors; v++) sums[r][v] = load_ints(tile->biases + v * LANES);
  }
  const uint8_t *input = tile->input, *packed = tile->weights;
  const ptrdiff_t step = tile->step, gap = tile->gap;
  const int32_t kernel_rows = tile->kernel_rows, groups = tile->groups;
  if (kernel_rows == 3) {
    for (int32_t i = 0; i < groups; i++, input += step) packed = add_group(rows, vectors, 3, input, gap, packed, sums);
  } else {
    for (int32_t i = 0; i < groups; i++, input += step) packed = add_group(rows, vectors, kernel_rows, input, gap, packed, sums);
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

// From pooled sums [row][PANEL] to stored bytes in the output image, for `rows` rows from `row` on of column `column`; the sums are
// cleared for the next.
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
  const int32_t short_row = layer->height % layer->pool_height == 0 ? -1 : layer->height / layer->pool_height - pool->row;
  const ptrdiff_t group_bytes = (ptrdiff_t)pool->out->row_stride * 4;
  for (int32_t v = 0; v < vectors_from(pool->channel, layer->channels); v++) {
    const int32_t channel = pool->channel + v * LANES, kept_groups = smaller(LANES / 4, groups - channel / 4);
    const float *scales = layer->scales + (is_short_column ? width : 0) + channel;
    uint8_t *cells = pool->out->origin + ((ptrdiff_t)pool->column * pool->out->groups + pool->group + channel / 4) * group_bytes +
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
          for (int32_t i = 0; i < smaller(4, pool->rows - r); i++) memcpy(cells + g * group_bytes + i * 4, bytes + g * 16 + i * 4, 4);
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

// Rows row..<last of the convolution, cut into spans of whole pools and at most ROWS rows that are about equal, since a rest of one or
// two rows would cost as much as six. A span goes over all columns as one tile; a single pool of more than ROWS rows as several.
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
      .grid = layer->grid ? layer->grid + channel : NULL,
      .to_negative = padded(layer->channels),
      .pool_rows = layer->pool_height,
      .sums = sums,
  };
}

// Points the tile at column x and row `row` of the convolution, with the taps that are inside.
INLINE void point(OWN(tile) *tile, const serd_int8_layer *layer, const serd_int8_image *in, int32_t channel, int32_t row, int32_t x) {
  const int32_t vectors = vectors_from(channel, layer->channels), half = layer->kernel_width / 2;
  const int32_t from = x < half ? half - x : 0;
  const int32_t to = smaller(layer->kernel_width, layer->width + half - x);
  tile->input = in->origin + ((ptrdiff_t)(x - half + from) * in->groups * in->row_stride + row - layer->kernel_height / 2) * 4;
  tile->groups = (to - from) * in->groups;
  tile->weights = panel_weights(layer, channel) + (ptrdiff_t)from * in->groups * layer->kernel_height * vectors * WEIGHT_BYTES;
  tile->biases = layer->biases + (ptrdiff_t)x * padded(layer->channels) + channel;
}

// `sums` are those of pooled rows from `row` on.
INLINE void requantise_span(OWN(pool) pool, int32_t row, int32_t rows, int32_t *sums) {
  (pool.row = row, pool.rows = rows);
  requantise_pool(&pool, sums);
}

// Pooled rows 0..<leading and first..<last. Rows are counted without what lies between; of a span with the seam the first SEAM lie
// before that, so that a few leading rows fill a register tile together with the rest: alone, they would cost twice as much a row.
TARGET static void convolve_rows(
    const serd_int8_layer *layer, const serd_int8_image *in, const serd_int8_image *out, int32_t group, int32_t leading, int32_t first,
    int32_t last) {
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
      const int32_t pools = (span.rows + layer->pool_height - 1) / layer->pool_height;
      tile.gap = has_seam ? between * 4 : 0;
      for (int32_t x = 0; x < layer->width; x++) {
        for (int32_t done = 0; done < span.rows; done += ROWS) {
          point(&tile, layer, in, channel, has_seam ? row : row + between + done, x);
          tiles[vectors - 1][smaller(span.rows - done, ROWS) - 1](&tile);
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

TARGET static void convolve_ends(
    const serd_int8_layer *layer, const serd_int8_image *in, const serd_int8_image *out, int32_t group, int32_t leading, int32_t first,
    int32_t last) {
  if (leading > 0 && (leading * layer->pool_height != SEAM || ROWS <= SEAM)) {
    convolve_rows(layer, in, out, group, 0, 0, leading);
    leading = 0;
  }
  convolve_rows(layer, in, out, group, leading, first, last);
}

TARGET static void convolve(
    const serd_int8_layer *layer, const serd_int8_image *in, const serd_int8_image *out, int32_t group, int32_t first, int32_t last) {
  convolve_rows(layer, in, out, group, 0, first, last);
}

TARGET static void row_sums(const serd_int8_layer *layer, const serd_int8_image *in, int32_t *out, int32_t first, int32_t last) {
  for (int32_t channel = 0; channel < layer->channels; channel += PANEL) {
    const int32_t vectors = vectors_from(channel, layer->channels);
    _Alignas(64) int32_t sums[ROWS * PANEL];
    OWN(tile) tile = first_tile(layer, in, channel, sums);
    OWN(span) span;
    for (int32_t row = first; row < last; row += span.rows) {
      span = next_span(row, last, 1);
      memset(sums, 0, sizeof sums);
      for (int32_t x = 0; x < layer->width; x++) {
        point(&tile, layer, in, channel, row, x);
        tiles[vectors - 1][span.rows - 1](&tile);
      }
      for (int32_t r = 0; r < span.rows; r++) {
        memcpy(out + (ptrdiff_t)(row + r) * padded(layer->channels) + channel, sums + r * PANEL, (size_t)(vectors * LANES) * 4);
      }
    }
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

// The one-channel input. A cell's products are a few runs of up to 4 taps, so the weights of the panel stay in registers and the
// tile is the cells of one pool:
//
//                 weights: 3 steps × V vectors, in registers for a whole column
//     cell (0, 0)   [ sum[0] ][ sum[1] ]  activated, added to  [ total[0] ][ total[1] ]
//     cell (0, 1)   [ sum[0] ][ sum[1] ]  …
//
// for the shipped networks' kernels (11 × 1, 1 × 9, 3 × 3: three runs each) and their 2 × 2 pool; any other size, and pools cut
// short at an edge, in plain loops.

enum { plane_steps = 3, most_plane_steps = 31 * 8 };  // kernels have up to 31 × 31 taps

typedef struct {
  const serd_int8_layer *layer;
  ptrdiff_t row_bytes, column_bytes;  // from a cell to the next one below and to the right
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
    const int vectors, const int is_prelu, const OWN(plane) *plane, const uint8_t *input, int32_t pools, int32_t *out) {
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

// Pooled rows first..<last of one pooled column, at most KEPT.
INLINE void plane_column(
    const int vectors, const OWN(plane) *plane, const uint8_t *origin, int32_t column, int32_t first, int32_t last, int32_t *sums) {
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

#define COLUMN(vectors)                                                                                                      \
  TARGET static void plane_column_##vectors(                                                                                 \
      const OWN(plane) *plane, const uint8_t *origin, int32_t column, int32_t first, int32_t last, int32_t *sums) {           \
    plane_column(vectors, plane, origin, column, first, last, sums);                                                         \
  }

COLUMN(1)
#if VECTORS >= 2
COLUMN(2)
#endif
#if VECTORS == 4
COLUMN(3)
COLUMN(4)
#endif

static void (*const plane_columns[VECTORS])(const OWN(plane) *, const uint8_t *, int32_t, int32_t, int32_t, int32_t *) = {
    plane_column_1,
#if VECTORS >= 2
    plane_column_2,
#endif
#if VECTORS == 4
    plane_column_3, plane_column_4,
#endif
};

TARGET static void convolve_plane(
    const serd_int8_layer *layer, const serd_int8_planes *in, const serd_int8_image *out, int32_t group, int32_t first, int32_t last) {
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
      for (int32_t row = first; row < last; row += KEPT) {
        _Alignas(64) int32_t sums[KEPT * PANEL];
        const int32_t end = smaller(row + KEPT, last);
        // Rows that nobody computes are requantised too, and not stored.
        if (end - row < KEPT) memset(sums, 0, sizeof sums);
        plane_columns[vectors - 1](&plane, origin, column, row, end, sums);
        const OWN(pool) pool = {layer, out, group, channel, row, end - row, column};
        requantise_pool(&pool, sums);
      }
    }
  }
}

TARGET static void quantise(const float *values, int32_t count, float scale, int32_t zero_point, uint8_t *out) {
  int32_t i = 0;
  float divisors[LANES];
  for (int32_t lane = 0; lane < LANES; lane++) divisors[lane] = scale;
  for (; i + LANES <= count; i += LANES) {
    ints steps = rounded(divided(load_floats(values + i), load_floats(divisors)));
    store_bytes(added(steps, all_ints(zero_point)), out + i);
  }
  if (i == count) return;
  float rest[LANES] = {0};
  uint8_t bytes[LANES];
  memcpy(rest, values + i, (size_t)(count - i) * sizeof(float));
  ints steps = rounded(divided(load_floats(rest), load_floats(divisors)));
  store_bytes(added(steps, all_ints(zero_point)), bytes);
  memcpy(out + i, bytes, (size_t)(count - i));
}

#define SET_NAME_(name) #name
#define SET_NAME(name) SET_NAME_(name)
const serd_int8_kernels CONCATENATE(serd_int8_kernels, NAME) = {
    SET_NAME(NAME), LANES,    FLIP,      packed_size, pack,
    convolve,       convolve_ends,  convolve_plane, row_sums, pool_rows, quantise,
};

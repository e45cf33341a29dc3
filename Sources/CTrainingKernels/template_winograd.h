// Winograd's minimal filtering for 3 x 3 kernels (Lavin and Gray 2015, arXiv 1509.09308), axis by axis. With tiles of m
// outputs along an axis it takes m + 2 multiplications where the definition takes 3 m. Notation of the paper: y = A'[(G
// g) * (B' d)].
//
// The interpolation points are 0, 1, -1, infinity for m = 2, and 0, P, -P, Q, -Q, infinity for m = 4. The usual P = 1,
// Q = 2 have larger rounding errors: the powers of 3/4 and 3/2 stay nearer to 1. All constants of A and B are exact in
// binary.

enum { MOST_POINTS = 6 };

static const float P = 0.75f, P2 = 0.5625f, P3 = 0.421875f;
static const float Q = 1.5f, Q2 = 2.25f, Q3 = 3.375f;
static const float P2_TIMES_Q2 = 1.265625f, P2_PLUS_Q2 = 2.8125f;
// The products of a point's differences from all others: what G divides by.
static const float AT_0 = 1.265625f, AT_P = -1.8984375f, AT_Q = 7.59375f;

// B': m + 2 inputs to m + 2 points.
INLINE void input_axis(const int m, const vector *d, vector *t) {
  if (m == 2) {
    t[0] = d[0] - d[2];
    t[1] = d[1] + d[2];
    t[2] = d[2] - d[1];
    t[3] = d[1] - d[3];
  } else {
    vector even = d[4] - Q2 * d[2], odd = P * (d[3] - Q2 * d[1]);
    vector far_even = d[4] - P2 * d[2], far_odd = Q * (d[3] - P2 * d[1]);
    t[0] = P2_TIMES_Q2 * d[0] + (d[4] - P2_PLUS_Q2 * d[2]);
    t[1] = even + odd;
    t[2] = even - odd;
    t[3] = far_even + far_odd;
    t[4] = far_even - far_odd;
    t[5] = P2_TIMES_Q2 * d[1] + (d[5] - P2_PLUS_Q2 * d[3]);
  }
}

// A': m + 2 products to m outputs.
INLINE void output_axis(const int m, const vector *t, vector *y) {
  if (m == 2) {
    y[0] = t[0] + t[1] + t[2];
    y[1] = t[1] - t[2] - t[3];
  } else {
    vector near_sum = t[1] + t[2], near_difference = t[1] - t[2];
    vector far_sum = t[3] + t[4], far_difference = t[3] - t[4];
    y[0] = t[0] + near_sum + far_sum;
    y[1] = P * near_difference + Q * far_difference;
    y[2] = P2 * near_sum + Q2 * far_sum;
    y[3] = P3 * near_difference + (Q3 * far_difference + t[5]);
  }
}

// A: the transpose of `output_axis`.
INLINE void gradient_axis(const int m, const vector *g, vector *t) {
  if (m == 2) {
    t[0] = g[0];
    t[1] = g[0] + g[1];
    t[2] = g[0] - g[1];
    t[3] = -g[1];
  } else {
    vector even = g[0] + P2 * g[2], odd = P * g[1] + P3 * g[3];
    vector far_even = g[0] + Q2 * g[2], far_odd = Q * g[1] + Q3 * g[3];
    t[0] = g[0];
    t[1] = even + odd;
    t[2] = even - odd;
    t[3] = far_even + far_odd;
    t[4] = far_even - far_odd;
    t[5] = g[3];
  }
}

// G: three taps to m + 2 points.
INLINE void weight_axis(const int m, const vector *g, vector *t) {
  if (m == 2) {
    vector even = 0.5f * (g[0] + g[2]), odd = 0.5f * g[1];
    t[0] = g[0];
    t[1] = even + odd;
    t[2] = even - odd;
    t[3] = g[2];
  } else {
    vector even = (1 / AT_P) * (g[0] + P2 * g[2]), odd = (P / AT_P) * g[1];
    vector far_even = (1 / AT_Q) * (g[0] + Q2 * g[2]), far_odd = (Q / AT_Q) * g[1];
    t[0] = (1 / AT_0) * g[0];
    t[1] = even + odd;
    t[2] = even - odd;
    t[3] = far_even + far_odd;
    t[4] = far_even - far_odd;
    t[5] = g[2];
  }
}

// G': the transpose of `weight_axis`.
INLINE void weight_gradient_axis(const int m, const vector *t, vector *g) {
  vector sum = t[1] + t[2], difference = t[1] - t[2];
  if (m == 2) {
    g[0] = t[0] + 0.5f * sum;
    g[1] = 0.5f * difference;
    g[2] = 0.5f * sum + t[3];
  } else {
    vector far_sum = t[3] + t[4], far_difference = t[3] - t[4];
    g[0] = (1 / AT_0) * t[0] + (1 / AT_P) * sum + (1 / AT_Q) * far_sum;
    g[1] = (P / AT_P) * difference + (Q / AT_Q) * far_difference;
    g[2] = (P2 / AT_P) * sum + (Q2 / AT_Q) * far_sum + t[5];
  }
}

// Applies AXIS along the height, then along the width: in[rows_in][columns_in] to out[rows_out][columns_out].
#define BOTH_AXES(AXIS, tile_height, tile_width, in, rows_in, columns_in, out, rows_out, columns_out) \
  do {                                                                                        \
    vector between[MOST_POINTS][MOST_POINTS];                                                 \
    UNROLLED for (int x = 0; x < (columns_in); x++) {                                         \
      vector column[MOST_POINTS], turned[MOST_POINTS];                                        \
      UNROLLED for (int y = 0; y < (rows_in); y++) column[y] = in[y][x];                      \
      AXIS(tile_height, column, turned);                                                      \
      UNROLLED for (int y = 0; y < (rows_out); y++) between[y][x] = turned[y];                \
    }                                                                                         \
    UNROLLED for (int y = 0; y < (rows_out); y++) AXIS(tile_width, between[y], out[y]);       \
  } while (0)

// The place of a tile.
struct tile {
  int64_t image;
  int top, left;
};

INLINE struct tile tile_at(const serd_training_tiling *t, int tile_height, int tile_width, int index) {
  int columns = (t->width + tile_width - 1) / tile_width;
  int tiles = columns * ((t->height + tile_height - 1) / tile_height);
  int within = index % tiles;
  return (struct tile){
      index / tiles * t->image_stride, within / columns * tile_height, within % columns * tile_width};
}

// Tiles to points; `reach` is how many pixels around the tile belong to it.
INLINE void tiles_to_points(
    const int tile_height, const int tile_width, const int reach, const float *images, const serd_training_tiling *t,
    int first, int count, float *points) {
  const int rows = tile_height + 2 * reach, columns = tile_width + 2 * reach;
  const int channels = t->channels;
  const int64_t point_stride = serd_training_point_stride(count, channels);
  for (int index = 0; index < count; index++) {
    struct tile tile = tile_at(t, tile_height, tile_width, first + index);
    const float *pixels[MOST_POINTS][MOST_POINTS];
    UNROLLED for (int y = 0; y < rows; y++) {
      UNROLLED for (int x = 0; x < columns; x++) {
        int row = tile.top + y - reach, column = tile.left + x - reach;
        int inside = row >= 0 && row < t->height && column >= 0 && column < t->width;
        pixels[y][x] = inside ? images + tile.image + ((int64_t)row * t->width + column) * channels : 0;
      }
    }
    float *target = points + (int64_t)index * channels;
#define TO_POINTS(c, lanes)                                                                                   \
  do {                                                                                                        \
    vector in[MOST_POINTS][MOST_POINTS], out[MOST_POINTS][MOST_POINTS];                                       \
    UNROLLED for (int y = 0; y < rows; y++) {                                                                 \
      UNROLLED for (int x = 0; x < columns; x++) {                                                            \
        in[y][x] = pixels[y][x] ? load(pixels[y][x] + (c), lanes) : (vector){0};                              \
      }                                                                                                       \
    }                                                                                                         \
    if (reach) {                                                                                              \
      BOTH_AXES(input_axis, tile_height, tile_width, in, rows, columns, out, tile_height + 2, tile_width + 2);    \
    } else {                                                                                                  \
      BOTH_AXES(gradient_axis, tile_height, tile_width, in, rows, columns, out, tile_height + 2, tile_width + 2); \
    }                                                                                                         \
    UNROLLED for (int y = 0; y < tile_height + 2; y++) {                                                      \
      UNROLLED for (int x = 0; x < tile_width + 2; x++) {                                                     \
        store(target + (y * (tile_width + 2) + x) * point_stride + (c), out[y][x], lanes);                    \
      }                                                                                                       \
    }                                                                                                         \
  } while (0)
    FOR_CHANNELS(channels, TO_POINTS);
#undef TO_POINTS
  }
}

INLINE void points_to_tiles(
    const int tile_height, const int tile_width, const float *points, const serd_training_tiling *t, int first,
    int count, float *images) {
  const int channels = t->channels;
  const int64_t point_stride = serd_training_point_stride(count, channels);
  for (int index = 0; index < count; index++) {
    struct tile tile = tile_at(t, tile_height, tile_width, first + index);
    const float *source = points + (int64_t)index * channels;
    float *target = images + tile.image + ((int64_t)tile.top * t->width + tile.left) * channels;
    const int rows = t->height - tile.top, columns = t->width - tile.left;
#define TO_TILE(c, lanes)                                                                                        \
  do {                                                                                                           \
    vector in[MOST_POINTS][MOST_POINTS], out[MOST_POINTS][MOST_POINTS];                                          \
    UNROLLED for (int y = 0; y < tile_height + 2; y++) {                                                         \
      UNROLLED for (int x = 0; x < tile_width + 2; x++) {                                                        \
        in[y][x] = load(source + (y * (tile_width + 2) + x) * point_stride + (c), lanes);                        \
      }                                                                                                          \
    }                                                                                                            \
    BOTH_AXES(output_axis, tile_height, tile_width, in, tile_height + 2, tile_width + 2, out, tile_height, tile_width); \
    UNROLLED for (int y = 0; y < tile_height; y++) {                                                             \
      UNROLLED for (int x = 0; x < tile_width; x++) {                                                            \
        if (y < rows && x < columns) store(target + (y * t->width + x) * channels + (c), out[y][x], lanes);      \
      }                                                                                                          \
    }                                                                                                            \
  } while (0)
    FOR_CHANNELS(channels, TO_TILE);
#undef TO_TILE
  }
}

INLINE void taps_to_points(const int tile_height, const int tile_width, const float *taps, int count, float *points) {
#define TO_POINTS(c, lanes)                                                                                         \
  do {                                                                                                              \
    vector in[3][3], out[MOST_POINTS][MOST_POINTS];                                                                 \
    UNROLLED for (int i = 0; i < 9; i++) in[i / 3][i % 3] = load(taps + (int64_t)i * count + (c), lanes);           \
    BOTH_AXES(weight_axis, tile_height, tile_width, in, 3, 3, out, tile_height + 2, tile_width + 2);                \
    UNROLLED for (int y = 0; y < tile_height + 2; y++) {                                                            \
      UNROLLED for (int x = 0; x < tile_width + 2; x++) {                                                           \
        store(points + (int64_t)(y * (tile_width + 2) + x) * count + (c), out[y][x], lanes);                        \
      }                                                                                                             \
    }                                                                                                               \
  } while (0)
  FOR_CHANNELS(count, TO_POINTS);
#undef TO_POINTS
}

INLINE void points_to_taps(const int tile_height, const int tile_width, const float *points, int count, float *taps) {
#define TO_TAPS(c, lanes)                                                                                           \
  do {                                                                                                              \
    vector in[MOST_POINTS][MOST_POINTS], out[3][3];                                                                 \
    UNROLLED for (int y = 0; y < tile_height + 2; y++) {                                                            \
      UNROLLED for (int x = 0; x < tile_width + 2; x++) {                                                           \
        in[y][x] = load(points + (int64_t)(y * (tile_width + 2) + x) * count + (c), lanes);                         \
      }                                                                                                             \
    }                                                                                                               \
    BOTH_AXES(weight_gradient_axis, tile_height, tile_width, in, tile_height + 2, tile_width + 2, out, 3, 3);       \
    UNROLLED for (int i = 0; i < 9; i++) store(taps + (int64_t)i * count + (c), out[i / 3][i % 3], lanes);          \
  } while (0)
  FOR_CHANNELS(count, TO_TAPS);
#undef TO_TAPS
}

// Constant tiles for each of the sizes.
#define BY_TILE(height, CALL)          \
  do {                                 \
    if ((height) == 4) {               \
      CALL(4, 2);                      \
    } else {                           \
      CALL(2, 2);                      \
    }                                  \
  } while (0)

static void winograd_input(
    const float *images, const serd_training_tiling *t, int first, int count, float *points) {
#define CALL(h, w) tiles_to_points(h, w, 1, images, t, first, count, points)
  BY_TILE(t->tile_height, CALL);
#undef CALL
}

static void winograd_gradient(
    const float *images, const serd_training_tiling *t, int first, int count, float *points) {
#define CALL(h, w) tiles_to_points(h, w, 0, images, t, first, count, points)
  BY_TILE(t->tile_height, CALL);
#undef CALL
}

static void winograd_output(
    const float *points, const serd_training_tiling *t, int first, int count, float *images) {
#define CALL(h, w) points_to_tiles(h, w, points, t, first, count, images)
  BY_TILE(t->tile_height, CALL);
#undef CALL
}

static void winograd_weights(const float *taps, int tile_height, int count, float *points) {
#define CALL(h, w) taps_to_points(h, w, taps, count, points)
  BY_TILE(tile_height, CALL);
#undef CALL
}

static void winograd_weight_gradient(const float *points, int tile_height, int count, float *taps) {
#define CALL(h, w) points_to_taps(h, w, points, count, taps)
  BY_TILE(tile_height, CALL);
#undef CALL
}

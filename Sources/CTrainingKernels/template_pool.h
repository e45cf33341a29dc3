// Batch norm's affine map, activation and average pool, one pooled row at a time, one register of channels at a time:
// what belongs to the channels stays in registers, and each pixel is read once.

// Channels' constants. Without an affine map y is z already; without a slope the activation is ReLU.
struct channel_constants {
  vector scale, shift, slope;
};

INLINE struct channel_constants constants(
    const float *scale, const float *shift, const float *slope, int c, int lanes) {
  struct channel_constants k = {{0}, {0}, {0}};
  if (scale) k.scale = load(scale + c, lanes), k.shift = load(shift + c, lanes);
  if (slope) k.slope = load(slope + c, lanes);
  return k;
}

INLINE vector normalised(const int is_affine, struct channel_constants k, vector y) {
  return is_affine ? k.scale * y + k.shift : y;
}

INLINE vector positive(vector z) { return (vector)((integers)z & (z > 0)); }
INLINE vector negative(vector z) { return (vector)((integers)z & ~(z > 0)); }

// Constant sizes for the pools that the network has, where they are whole.
#define BY_POOL(rows, columns, CALL)         \
  do {                                       \
    if ((rows) == 2 && (columns) == 2) {     \
      CALL(2, 2);                            \
    } else if ((rows) == 2 && (columns) == 1) { \
      CALL(2, 1);                            \
    } else {                                 \
      CALL(rows, columns);                   \
    }                                        \
  } while (0)

// Calls BODY(rows, columns, first pixel of the cell in y, cell) for the cells of a pooled row.
#define FOR_CELLS(shape, valid_rows, BODY)                                                       \
  for (int cell = 0; cell * (shape)->pool_width < (shape)->width; cell++) {                      \
    int left = cell * (shape)->pool_width;                                                       \
    int valid_columns = (shape)->width - left < (shape)->pool_width ? (shape)->width - left : (shape)->pool_width; \
    BY_POOL(valid_rows, valid_columns, BODY);                                                    \
  }

#define FOR_POOLED_ROWS(shape)                                                           \
  for (int top = 0, row = 0; top < (shape)->rows; top += (shape)->pool_height, row++)

INLINE int valid_rows_at(const serd_training_pooled_rows *shape, int top) {
  return shape->rows - top < shape->pool_height ? shape->rows - top : shape->pool_height;
}

INLINE void pool_as(
    const int is_affine, const int has_slope, const float *y, const float *scale, const float *shift,
    const float *slope, const float *residual, const serd_training_pooled_rows *shape, float *output) {
  const int channels = shape->channels, width = shape->width;
  const int pooled_width = (width + shape->pool_width - 1) / shape->pool_width;
  FOR_POOLED_ROWS(shape) {
    const float *source = y + (int64_t)top * width * channels;
    float *target = output + row * shape->row_stride;
    int valid = valid_rows_at(shape, top);
#define CELL(height, columns)                                                              \
  do {                                                                                     \
    vector above = {0}, below = {0};                                                       \
    for (int i = 0; i < (height); i++) {                                                   \
      for (int j = 0; j < (columns); j++) {                                                \
        vector z = normalised(is_affine, k, load(source + (i * width + left + j) * channels + c_, lanes_)); \
        above += positive(z);                                                              \
        if (has_slope) below += negative(z);                                               \
      }                                                                                    \
    }                                                                                      \
    vector sum = has_slope ? above + k.slope * below : above;                              \
    vector pooled = (1 / (float)((height) * (columns))) * sum;                             \
    if (residual) pooled += residual[row * pooled_width + cell];                           \
    store(target + cell * shape->pixel_stride + c_, pooled, lanes_);                       \
  } while (0)
#define CHANNELS(c, lanes)                                                  \
  do {                                                                      \
    const int c_ = (c), lanes_ = (lanes);                                   \
    struct channel_constants k = constants(scale, shift, slope, c_, lanes_); \
    FOR_CELLS(shape, valid, CELL)                                           \
  } while (0)
    FOR_CHANNELS(channels, CHANNELS);
#undef CELL
#undef CHANNELS
  }
}

// Adds a register to sums in double.
INLINE void add_wide(double *sums, vector v, int lanes) {
  float values[LANES];
  store(values, v, LANES);
  for (int i = 0; i < lanes; i++) sums[i] += values[i];
}

// dz for one pixel, given its share of the pooled gradient.
INLINE vector activation_gradient(const int has_slope, struct channel_constants k, vector z, vector share) {
  integers is_positive = z > 0;
  vector passed = (vector)((integers)share & is_positive);
  return has_slope ? passed + k.slope * (vector)((integers)share & ~is_positive) : passed;
}

INLINE void pool_sums_as(
    const int has_slope, const float *y, const float *scale, const float *shift, const float *slope,
    const serd_training_pooled_rows *shape, const float *gradient, double *sums) {
  const int channels = shape->channels, width = shape->width;
  FOR_POOLED_ROWS(shape) {
    const float *source = y + (int64_t)top * width * channels;
    const float *from = gradient + row * shape->row_stride;
    int valid = valid_rows_at(shape, top);
#define CELL(height, columns)                                                                                   \
  do {                                                                                                          \
    vector share = (1 / (float)((height) * (columns))) * load(from + cell * shape->pixel_stride + c_, lanes_);  \
    for (int i = 0; i < (height); i++) {                                                                        \
      for (int j = 0; j < (columns); j++) {                                                                     \
        vector value = load(source + (i * width + left + j) * channels + c_, lanes_);                           \
        vector z = normalised(1, k, value), dz = activation_gradient(has_slope, k, z, share);                   \
        sum += dz;                                                                                              \
        with_value += dz * value;                                                                               \
        if (has_slope) with_negative += share * negative(z);                                                    \
      }                                                                                                         \
    }                                                                                                           \
  } while (0)
#define CHANNELS(c, lanes)                                                   \
  do {                                                                       \
    const int c_ = (c), lanes_ = (lanes);                                    \
    struct channel_constants k = constants(scale, shift, slope, c_, lanes_); \
    vector sum = {0}, with_value = {0}, with_negative = {0};                 \
    FOR_CELLS(shape, valid, CELL)                                            \
    add_wide(sums + c_, sum, lanes_);                                        \
    add_wide(sums + channels + c_, with_value, lanes_);                      \
    if (has_slope) add_wide(sums + 2 * channels + c_, with_negative, lanes_); \
  } while (0)
    FOR_CHANNELS(channels, CHANNELS);
#undef CELL
#undef CHANNELS
  }
}

// With coefficients: y to its gradient. Without: z to its gradient, and the slopes' sums.
INLINE void pool_gradient_as(
    const int has_slope, const int has_coefficients, float *y, const float *scale, const float *shift,
    const float *slope, const float *coefficients, const serd_training_pooled_rows *shape, const float *gradient,
    double *slope_sums) {
  const int channels = shape->channels, width = shape->width;
  FOR_POOLED_ROWS(shape) {
    float *place = y + (int64_t)top * width * channels;
    const float *from = gradient + row * shape->row_stride;
    int valid = valid_rows_at(shape, top);
#define CELL(height, columns)                                                                                  \
  do {                                                                                                         \
    vector share = (1 / (float)((height) * (columns))) * load(from + cell * shape->pixel_stride + c_, lanes_); \
    for (int i = 0; i < (height); i++) {                                                                       \
      for (int j = 0; j < (columns); j++) {                                                                    \
        float *pixel = place + (i * width + left + j) * channels + c_;                                         \
        vector value = load(pixel, lanes_), z = normalised(has_coefficients, k, value);                        \
        vector dz = activation_gradient(has_slope, k, z, share);                                               \
        if (has_coefficients) {                                                                                \
          dz = on_gradient * dz + (on_value * value + constant);                                               \
        } else if (has_slope) {                                                                                \
          with_negative += share * negative(z);                                                                \
        }                                                                                                      \
        store(pixel, dz, lanes_);                                                                              \
      }                                                                                                        \
    }                                                                                                          \
  } while (0)
#define CHANNELS(c, lanes)                                                      \
  do {                                                                          \
    const int c_ = (c), lanes_ = (lanes);                                       \
    struct channel_constants k = constants(scale, shift, slope, c_, lanes_);    \
    vector on_gradient = {0}, on_value = {0}, constant = {0}, with_negative = {0}; \
    if (has_coefficients) {                                                     \
      on_gradient = load(coefficients + c_, lanes_);                            \
      on_value = load(coefficients + channels + c_, lanes_);                    \
      constant = load(coefficients + 2 * channels + c_, lanes_);                \
    }                                                                           \
    FOR_CELLS(shape, valid, CELL)                                               \
    if (has_slope && !has_coefficients) add_wide(slope_sums + c_, with_negative, lanes_); \
  } while (0)
    FOR_CHANNELS(channels, CHANNELS);
#undef CELL
#undef CHANNELS
  }
}

static void pool(
    const float *y, const float *scale, const float *shift, const float *slope, const float *residual,
    const serd_training_pooled_rows *shape, float *output) {
  if (scale) {
    if (slope) pool_as(1, 1, y, scale, shift, slope, residual, shape, output);
    else pool_as(1, 0, y, scale, shift, slope, residual, shape, output);
  } else {
    if (slope) pool_as(0, 1, y, scale, shift, slope, residual, shape, output);
    else pool_as(0, 0, y, scale, shift, slope, residual, shape, output);
  }
}

static void pool_sums(
    const float *y, const float *scale, const float *shift, const float *slope, const serd_training_pooled_rows *shape,
    const float *gradient, double *sums) {
  if (slope) pool_sums_as(1, y, scale, shift, slope, shape, gradient, sums);
  else pool_sums_as(0, y, scale, shift, slope, shape, gradient, sums);
}

static void pool_gradient(
    float *y, const float *scale, const float *shift, const float *slope, const float *coefficients,
    const serd_training_pooled_rows *shape, const float *gradient) {
  if (slope) pool_gradient_as(1, 1, y, scale, shift, slope, coefficients, shape, gradient, 0);
  else pool_gradient_as(0, 1, y, scale, shift, slope, coefficients, shape, gradient, 0);
}

static void activation_pool_gradient(
    float *z, const float *slope, const serd_training_pooled_rows *shape, const float *gradient, double *slope_sums) {
  if (slope) pool_gradient_as(1, 0, z, 0, 0, slope, 0, shape, gradient, slope_sums);
  else pool_gradient_as(0, 0, z, 0, 0, slope, 0, shape, gradient, slope_sums);
}

static void moments(const float *y, int rows, int width, int channels, double *sums) {
  for (int row = 0; row < rows; row++, y += (int64_t)width * channels) {
#define CHANNELS(c, lanes)                                         \
  do {                                                             \
    const int c_ = (c), lanes_ = (lanes);                          \
    vector sum = {0}, squares = {0};                               \
    for (int x = 0; x < width; x++) {                              \
      vector value = load(y + (int64_t)x * channels + c_, lanes_); \
      sum += value;                                                \
      squares += value * value;                                    \
    }                                                              \
    add_wide(sums + c_, sum, lanes_);                              \
    add_wide(sums + channels + c_, squares, lanes_);               \
  } while (0)
    FOR_CHANNELS(channels, CHANNELS);
#undef CHANNELS
  }
}

// Reverberation by single echoes.

// Adds ECHOES echoes to output[first...end), all of which have begun before `first`.
enum { ECHOES = 8 };
INLINE void add_some(
    const float *input, const int32_t *delays, const float *gains, int echoes, int first, int end, float *output) {
  int i = first;
  for (; i + LANES <= end; i += LANES) {
    vector sum = load(output + i, LANES);
    for (int k = 0; k < echoes; k++) sum += gains[k] * load(input + i - delays[k], LANES);
    store(output + i, sum, LANES);
  }
  for (; i < end; i++) {
    for (int k = 0; k < echoes; k++) output[i] += gains[k] * input[i - delays[k]];
  }
}

// Block by block, so that what is added up stays in the nearest cache.
static void add_echoes(
    const float *input, int count, const int32_t *delays, const float *gains, int echoes, float *output) {
  enum { BLOCK = 2048 };
  for (int first = 0; first < count; first += BLOCK) {
    int end = first + BLOCK < count ? first + BLOCK : count, k = 0;
    for (; k + ECHOES <= echoes && delays[k + ECHOES - 1] <= first; k += ECHOES) {
      add_some(input, delays + k, gains + k, ECHOES, first, end, output);
    }
    for (; k < echoes && delays[k] < end; k++) {
      add_some(input, delays + k, gains + k, 1, delays[k] > first ? delays[k] : first, end, output);
    }
  }
}

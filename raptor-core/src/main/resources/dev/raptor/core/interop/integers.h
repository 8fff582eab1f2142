/* What is remembered of a flight: Q15. */
typedef struct {
  int16_t state[RAPTOR_HIDDEN];
} raptor_session;

static inline void raptor_reset(raptor_session *session) {
  for (int i = 0; i < RAPTOR_HIDDEN; i++) session->state[i] = 0;
}

static inline int32_t raptor_clamp(int32_t a, int32_t low, int32_t high) {
  return a < low ? low : a > high ? high : a;
}

/* The one rounding: a / 2^n to the nearest, halves upwards. */
static inline int32_t raptor_rsh(int32_t a, int n) {
  int32_t b = a + (((int32_t)1 << n) >> 1);
  return b < 0 ? ~(~b >> n) : b >> n;
}

static inline int32_t raptor_weight(const uint8_t *weights, int i) {
#if RAPTOR_WEIGHT_BITS == 8
  int32_t w = weights[i];
#else
  int at = i * RAPTOR_WEIGHT_BITS;
  int32_t w = weights[at >> 3];
  if ((at & 7) + RAPTOR_WEIGHT_BITS > 8) w |= (int32_t)weights[(at >> 3) + 1] << 8;
  w = (w >> (at & 7)) & ((1 << RAPTOR_WEIGHT_BITS) - 1);
#endif
  return w - ((w >> (RAPTOR_WEIGHT_BITS - 1)) << RAPTOR_WEIGHT_BITS);
}

/* One row of a layer. */
static inline int32_t raptor_row(const uint8_t *weights, int32_t bias, int pre_shift,
                                 int32_t multiplier, int shift, int row, int inputs,
                                 const int16_t *x, int32_t low, int32_t high) {
  int32_t sum = bias;
  for (int i = 0; i < inputs; i++) sum += raptor_weight(weights, row * inputs + i) * x[i];
  return raptor_clamp(raptor_rsh(raptor_rsh(sum, pre_shift) * multiplier, shift), low, high);
}

#define RAPTOR_ROW(layer, LAYER, row, inputs, x, low, high)                              \
  raptor_row(raptor_##layer##_weights,                                                   \
             raptor_##layer##_biases[row] * ((int32_t)1 << RAPTOR_##LAYER##_BIAS_SHIFT), \
             RAPTOR_##LAYER##_PRE_SHIFT, raptor_##layer##_multipliers[row],              \
             raptor_##layer##_shifts[row], row, inputs, x, low, high)

/* tanh of a gate's word, Q15. */
static inline int32_t raptor_tanh(int32_t word) {
  int32_t w = raptor_clamp(word, -32767, 32767);
  int32_t a = w < 0 ? -w : w;
  const int16_t *t = raptor_tanh_table + (a >> RAPTOR_TABLE_SHIFT);
  int32_t rise = (t[1] - t[0]) * (a & ((1 << RAPTOR_TABLE_SHIFT) - 1));
  int32_t y = t[0] + raptor_rsh(rise, RAPTOR_TABLE_SHIFT);
  return w < 0 ? -y : y;
}

/* The state as the matrices see it. */
static inline void raptor_seen(const int16_t *state, int16_t *seen) {
  for (int i = 0; i < RAPTOR_HIDDEN; i++) {
    int32_t s = raptor_rsh(state[i], RAPTOR_STATE_SHIFT);
    seen[i] = (int16_t)(s > RAPTOR_STATE_LIMIT ? RAPTOR_STATE_LIMIT : s);
  }
}

static inline int32_t raptor_input_gate(int row, const int16_t *features) {
  return RAPTOR_ROW(input_gates, INPUT_GATES, row, RAPTOR_HIDDEN, features, -65535, 65535);
}

static inline int32_t raptor_state_gate(int row, const int16_t *state) {
  return RAPTOR_ROW(state_gates, STATE_GATES, row, RAPTOR_HIDDEN, state, -65535, 65535);
}

/* One step of 10 ms. */
static inline void raptor_step(raptor_session *session, const int16_t *observation,
                               int16_t *action) {
  int16_t features[RAPTOR_HIDDEN];
  int16_t next[RAPTOR_HIDDEN];
#if RAPTOR_STATE_SHIFT == 0
  const int16_t *seen = session->state;
#else
  int16_t seen[RAPTOR_HIDDEN];
  raptor_seen(session->state, seen);
#endif
  for (int i = 0; i < RAPTOR_HIDDEN; i++)
    features[i] = (int16_t)RAPTOR_ROW(encoder, ENCODER, i, RAPTOR_INPUTS, observation, 0,
                                      RAPTOR_FEATURE_LIMIT);
  for (int i = 0; i < RAPTOR_HIDDEN; i++) {
    int z_row = RAPTOR_HIDDEN + i, n_row = 2 * RAPTOR_HIDDEN + i;
    int32_t r = raptor_rsh(
        raptor_tanh(raptor_input_gate(i, features) + raptor_state_gate(i, seen)) + 32768, 1);
    int32_t z = raptor_rsh(
        raptor_tanh(raptor_input_gate(z_row, features) + raptor_state_gate(z_row, seen)) +
            32768, 1);
    int32_t c = raptor_tanh(raptor_input_gate(n_row, features) +
                            raptor_rsh(r * raptor_state_gate(n_row, seen), 15));
    next[i] = (int16_t)(c + raptor_rsh(z * (session->state[i] - c), 15));
  }
  for (int i = 0; i < RAPTOR_HIDDEN; i++) session->state[i] = next[i];
#if RAPTOR_STATE_SHIFT != 0
  raptor_seen(session->state, seen);
#endif
  for (int i = 0; i < RAPTOR_OUTPUTS; i++)
    action[i] = (int16_t)RAPTOR_ROW(decoder, DECODER, i, RAPTOR_HIDDEN, seen, -32767, 32767);
}

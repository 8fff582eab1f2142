/* What is remembered of a flight. */
typedef struct {
  float state[RAPTOR_HIDDEN];
} raptor_session;

static inline void raptor_reset(raptor_session *session) {
  for (int i = 0; i < RAPTOR_HIDDEN; i++) session->state[i] = 0.0f;
}

/* One row of a layer. */
static inline float raptor_row(const float *weights, const float *biases, int row, int inputs,
                               const float *x) {
  float sum = biases[row];
  for (int i = 0; i < inputs; i++) sum += weights[row * inputs + i] * x[i];
  return sum;
}

static inline float raptor_sigmoid(float x) { return 1.0f / (1.0f + expf(-x)); }

static inline float raptor_input_gate(int row, const float *features) {
  return raptor_row(raptor_input_gates_weights, raptor_input_gates_biases, row, RAPTOR_HIDDEN,
                    features);
}

static inline float raptor_state_gate(int row, const float *state) {
  return raptor_row(raptor_state_gates_weights, raptor_state_gates_biases, row, RAPTOR_HIDDEN,
                    state);
}

/* One step of 10 ms. */
static inline void raptor_step(raptor_session *session, const float *observation, float *action) {
  float features[RAPTOR_HIDDEN];
  float next[RAPTOR_HIDDEN];
  const float *state = session->state;
  for (int i = 0; i < RAPTOR_HIDDEN; i++) {
    float sum = raptor_row(raptor_encoder_weights, raptor_encoder_biases, i, RAPTOR_INPUTS,
                           observation);
    features[i] = sum > 0.0f ? sum : 0.0f;
  }
  for (int i = 0; i < RAPTOR_HIDDEN; i++) {
    int z_row = RAPTOR_HIDDEN + i, n_row = 2 * RAPTOR_HIDDEN + i;
    float r = raptor_sigmoid(raptor_input_gate(i, features) + raptor_state_gate(i, state));
    float z = raptor_sigmoid(raptor_input_gate(z_row, features) + raptor_state_gate(z_row, state));
    float c = tanhf(raptor_input_gate(n_row, features) + r * raptor_state_gate(n_row, state));
    next[i] = c + z * (state[i] - c);
  }
  for (int i = 0; i < RAPTOR_HIDDEN; i++) session->state[i] = next[i];
  for (int i = 0; i < RAPTOR_OUTPUTS; i++)
    action[i] = raptor_row(raptor_decoder_weights, raptor_decoder_biases, i, RAPTOR_HIDDEN,
                           session->state);
}

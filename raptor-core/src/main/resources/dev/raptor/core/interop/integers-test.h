/* 0 if the examples replay word for word, else the step, from 1, that does not. */
static inline int raptor_self_test(void) {
  raptor_session session;
  int16_t action[RAPTOR_OUTPUTS];
  raptor_reset(&session);
  for (int t = 0; t < RAPTOR_EXAMPLE_STEPS; t++) {
    raptor_step(&session, raptor_example_observations + t * RAPTOR_INPUTS, action);
    for (int i = 0; i < RAPTOR_OUTPUTS; i++)
      if (action[i] != raptor_example_actions[t * RAPTOR_OUTPUTS + i]) return t + 1;
  }
  return 0;
}

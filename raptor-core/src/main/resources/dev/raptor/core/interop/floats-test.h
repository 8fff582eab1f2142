/* 0 if the examples replay to 1e-3, else the step, from 1, that does not. */
static inline int raptor_self_test(void) {
  raptor_session session;
  float action[RAPTOR_OUTPUTS];
  raptor_reset(&session);
  for (int t = 0; t < RAPTOR_EXAMPLE_STEPS; t++) {
    raptor_step(&session, raptor_example_observations + t * RAPTOR_INPUTS, action);
    for (int i = 0; i < RAPTOR_OUTPUTS; i++)
      if (!(fabsf(action[i] - raptor_example_actions[t * RAPTOR_OUTPUTS + i]) < 1e-3f))
        return t + 1;
  }
  return 0;
}

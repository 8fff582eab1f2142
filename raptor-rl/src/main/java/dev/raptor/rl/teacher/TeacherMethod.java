package dev.raptor.rl.teacher;

import dev.raptor.rl.student.PolicyGradientRefinement;

/** The method that trains teachers. */
public enum TeacherMethod {
  /** Each from scratch by reinforcement learning, {@link Ppo}. */
  PPO,
  /**
   * One for all by the gradient through the simulator, then each tuned to its vehicle, {@link Apg}.
   */
  GRADIENT,
  /**
   * There are none: the student learns from its own flights alone, {@link
   * PolicyGradientRefinement}.
   */
  NONE
}

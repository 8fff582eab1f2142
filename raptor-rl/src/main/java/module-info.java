/** Training: PPO teachers, meta-imitation, evaluation, runs. */
module dev.raptor.rl {
  requires transitive dev.raptor.sim;
  requires de.siegmar.fastcsv;

  exports dev.raptor.rl;
  exports dev.raptor.rl.evaluation;
}

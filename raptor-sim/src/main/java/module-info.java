/** The quadrotor simulator. */
module dev.raptor.sim {
  requires transitive dev.raptor.core;

  exports dev.raptor.sim;
}

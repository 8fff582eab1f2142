/** The quadrotor simulator. */
module dev.raptor.sim {
  requires static jdk.incubator.vector;
  requires transitive dev.raptor.core;

  exports dev.raptor.sim;
  exports dev.raptor.sim.effects;
}

/** The quadrotor simulator. */
module dev.raptor.sim {
  requires static jdk.incubator.vector;
  requires transitive dev.raptor.core;

  exports dev.raptor.sim;
  exports dev.raptor.sim.controller;
  exports dev.raptor.sim.effects;
  exports dev.raptor.sim.reference;
  exports dev.raptor.sim.rollout;
  exports dev.raptor.sim.vehicle;
}

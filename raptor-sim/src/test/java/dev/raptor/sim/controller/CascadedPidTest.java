package dev.raptor.sim.controller;

import dev.raptor.sim.vehicle.Quadrotor;

class CascadedPidTest extends ControllerContract {
  @Override
  Controller controllerFor(Quadrotor quadrotor) {
    return new CascadedPid(quadrotor);
  }
}

package dev.raptor.sim.controller;

import dev.raptor.sim.vehicle.Quadrotor;

class LqrControllerTest extends ControllerContract {
  @Override
  Controller controllerFor(Quadrotor quadrotor) {
    return new LqrController(quadrotor);
  }
}

package dev.raptor.sim.controller;

import dev.raptor.sim.vehicle.Quadrotor;

class GeometricControllerTest extends ControllerContract {
  @Override
  Controller controllerFor(Quadrotor quadrotor) {
    return new GeometricController(quadrotor);
  }
}

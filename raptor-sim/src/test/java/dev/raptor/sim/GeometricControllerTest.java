package dev.raptor.sim;

class GeometricControllerTest extends ControllerContract {
  @Override
  Controller controllerFor(Quadrotor quadrotor) {
    return new GeometricController(quadrotor);
  }
}

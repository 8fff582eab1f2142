package dev.raptor.sim;

class CascadedPidTest extends ControllerContract {
  @Override
  Controller controllerFor(Quadrotor quadrotor) {
    return new CascadedPid(quadrotor);
  }
}

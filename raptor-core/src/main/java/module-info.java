/** Networks, policies and kernels for quadrotor foundation policies; depends on the JDK alone. */
module dev.raptor.core {
  requires static jdk.incubator.vector;

  exports dev.raptor.core;
  exports dev.raptor.core.checkpoint;
  exports dev.raptor.core.fixed;
  exports dev.raptor.core.flight;
  exports dev.raptor.core.interop;
  exports dev.raptor.core.json;
  exports dev.raptor.core.kernel;
  exports dev.raptor.core.network;
}

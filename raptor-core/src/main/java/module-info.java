/** Networks, policies and kernels for quadrotor foundation policies; depends on the JDK alone. */
@SuppressWarnings("module") // those who may see what is not for everyone are built later
module dev.raptor.core {
  requires static jdk.incubator.vector;

  exports dev.raptor.core;
  exports dev.raptor.core.fixed;
  exports dev.raptor.core.fixed.quantise;
  exports dev.raptor.core.flight;
  exports dev.raptor.core.interop;
  exports dev.raptor.core.network;
  exports dev.raptor.core.policy;
  exports dev.raptor.core.io to
      dev.raptor.app,
      dev.raptor.bench,
      dev.raptor.rl,
      dev.raptor.sim;
  exports dev.raptor.core.math to
      dev.raptor.rl,
      dev.raptor.sim;
  exports dev.raptor.core.kernel to
      dev.raptor.bench,
      dev.raptor.rl,
      dev.raptor.sim;

  uses dev.raptor.core.PolicyFormat;

  provides dev.raptor.core.PolicyFormat with
      dev.raptor.core.policy.PolicyFile,
      dev.raptor.core.fixed.FixedFile;
}

package dev.raptor.core.kernel;

import java.lang.System.Logger.Level;

/**
 * Chooses the kernels once, when they are first needed: the vector ones where the module {@code
 * jdk.incubator.vector} is present, the scalar ones otherwise. The system property {@value
 * #PROPERTY} forces {@code vector} or {@code scalar}.
 */
final class KernelProvider {
  static final String PROPERTY = "dev.raptor.kernels";
  private static final String VECTOR_PACKAGE = "dev.raptor.core.kernel.vector.";

  private static final String WANTED = System.getProperty(PROPERTY, "auto");

  static final boolean VECTORS = usesVectors(WANTED);
  static final Kernels ACTIVE = announced(WANTED);
  static final IntegerKernels ACTIVE_INTEGER = chooseInteger(WANTED);

  private KernelProvider() {}

  private static Kernels announced(String wanted) {
    Kernels kernels = choose(wanted);
    String why;
    if (!wanted.equals("auto")) {
      why = "-D" + PROPERTY + "=" + wanted;
    } else if (vectorModulePresent()) {
      why = "jdk.incubator.vector is present; -D" + PROPERTY + "=scalar turns it off";
    } else {
      why = "for the faster vector kernels start the JVM with --add-modules jdk.incubator.vector";
    }
    System.getLogger("dev.raptor.core").log(Level.INFO, "{0} kernels: {1}", kernels.name(), why);
    return kernels;
  }

  static Kernels choose(String wanted) {
    return usesVectors(wanted) ? vector(Kernels.class, "VectorKernels") : new ScalarKernels();
  }

  static IntegerKernels chooseInteger(String wanted) {
    return usesVectors(wanted)
        ? vector(IntegerKernels.class, "VectorIntegerKernels")
        : new ScalarIntegerKernels();
  }

  static boolean usesVectors(String wanted) {
    return switch (wanted) {
      case "scalar" -> false;
      case "vector" -> {
        if (!vectorModulePresent()) {
          throw new IllegalStateException(
              PROPERTY + "=vector needs the JVM flag --add-modules jdk.incubator.vector");
        }
        yield true;
      }
      case "auto" -> vectorModulePresent();
      default ->
          throw new IllegalArgumentException(
              PROPERTY + " is '" + wanted + "', allowed are auto, vector and scalar");
    };
  }

  private static boolean vectorModulePresent() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  /** By name, so that no class outside the vector package links to a vector type. */
  private static <T> T vector(Class<T> type, String name) {
    try {
      return type.cast(Class.forName(VECTOR_PACKAGE + name).getConstructor().newInstance());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot load " + VECTOR_PACKAGE + name, e);
    }
  }
}

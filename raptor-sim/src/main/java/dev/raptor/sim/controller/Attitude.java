package dev.raptor.sim.controller;

import dev.raptor.core.Observation;

/**
 * The attitude that points the rotors along a wished force F with the nose along world x, and how
 * far a vehicle is from it:
 *
 * <pre>
 * b3 = F/‖F‖,  b2 = (b3 × e_x)/‖b3 × e_x‖,  b1 = b2 × b3,  R_d = (b1 b2 b3)
 * </pre>
 *
 * Holds scratch space of one controller.
 */
final class Attitude {
  /** R_dᵀ R, row by row. */
  private final double[] relative = new double[9];

  private final double[] wished = new double[9];

  /** Points at the force, N or any other unit; upright where there is none to speak of. */
  void pointAlong(double fx, double fy, double fz) {
    double norm = Math.sqrt(fx * fx + fy * fy + fz * fz);
    boolean none = norm < 1e-9;
    double x = none ? 0 : fx / norm;
    double y = none ? 0 : fy / norm;
    double z = none ? 1 : fz / norm;
    // b3 × e_x = (0, z, −y); where the force lies along x any left will do.
    double length = Math.hypot(z, y);
    double b2y = length < 1e-9 ? 1 : z / length;
    double b2z = length < 1e-9 ? 0 : -y / length;
    set(0, b2y * z - b2z * y, 0, x);
    set(1, b2z * x, b2y, y);
    set(2, -b2y * x, b2z, z);
  }

  private void set(int row, double b1, double b2, double b3) {
    wished[3 * row] = b1;
    wished[3 * row + 1] = b2;
    wished[3 * row + 2] = b3;
  }

  /** Compares with the attitude of an observation. */
  void compare(float[] observation) {
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        double sum = 0;
        for (int k = 0; k < 3; k++) {
          sum += wished[3 * k + i] * observation[Observation.ROTATION + 3 * k + j];
        }
        relative[3 * i + j] = sum;
      }
    }
  }

  /** ½ (R_dᵀR − RᵀR_d)^∨ of body axis {@code k}: the sine of the angle to go, rad where small. */
  double sineError(int k) {
    return switch (k) {
      case 0 -> (relative[7] - relative[5]) / 2;
      case 1 -> (relative[2] - relative[6]) / 2;
      default -> (relative[3] - relative[1]) / 2;
    };
  }

  /** Twice the vector part of the quaternion of R_dᵀR: the angle to go, which grows up to 2. */
  double quaternionError(int k) {
    double trace = relative[0] + relative[4] + relative[8];
    double w = Math.sqrt(Math.max(0, 1 + trace)) / 2;
    return sineError(k) / Math.max(w, 0.05);
  }
}

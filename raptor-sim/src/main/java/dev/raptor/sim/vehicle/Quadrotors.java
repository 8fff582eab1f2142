package dev.raptor.sim.vehicle;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The named platforms: vehicles that were measured, and vehicles of other simulators. The numbers
 * are those of the reference's registry; throttle is in [0, 1] for all of them.
 */
public final class Quadrotors {
  private static final Map<String, Quadrotor> BY_NAME = new LinkedHashMap<>();

  static {
    add(
        Quadrotor.of(
            "crazyflie",
            0.0306,
            new Vec3(9.416556729130406e-6, 9.644051701582312e-6, 1.745951732253285e-5),
            Quadrotor.rotorsAt(0.028, 0.028),
            new ThrustCurve(0.00352526, 0.01437313, 0.09223048),
            4.665e-3,
            0.05545454545454546,
            0.24939393939393945));
    // The registry's Jxx of 0.1705 contradicts its own inverse, 1 / 0.021705. Both are kept: the
    // inverse dominates the motion, and flights stay comparable with the reference's.
    add(
        new Quadrotor(
            "x500_real",
            2.0,
            new Vec3(0.1705, 0.021304, 0.039396244),
            new Vec3(46.072333563695004, 46.939541870071345, 25.38313043243412),
            Quadrotor.rotorsAt(0.176776695296636, 0.176776695296636),
            new ThrustCurve(0, 0, 15.926119900619797),
            0.10847,
            0.054,
            0.054));
    add(
        Quadrotor.of(
            "x500_sim",
            2.0,
            new Vec3(0.0216666666666666, 0.0216666666666666, 0.04),
            Quadrotor.rotorsAt(0.176776695296636, 0.176776695296636),
            new ThrustCurve(0, 0, 8.74),
            0.11697849233439939,
            0.03,
            0.03));
    add(
        Quadrotor.of(
            "fs_base",
            3.35,
            new Vec3(0.0756, 0.07296, 0.07296 * 1.879),
            Quadrotor.rotorsAt(0.20895, 0.240666),
            new ThrustCurve(0.7846629595902934, 9.15540123440728, 18.005569363583604),
            0.01492,
            0.06532,
            0.06532));
    // Measured against a command in [0, 2000].
    add(
        Quadrotor.of(
            "mrs",
            1.7,
            new Vec3(0.007911375, 0.007911375, 0.01230658333),
            Quadrotor.rotorsAt(0.12020815280171308, 0.12020815280171308),
            new ThrustCurve(
                -1.7689986848125325,
                0.0038360810526746033 * 2000,
                1.3298253500372892e-6 * 2000 * 2000),
            0.016,
            0.04,
            0.04));
    add(
        Quadrotor.of(
            "arpl",
            0.782,
            new Vec3(1.7665e-3, 1.3766e-3, 1.879 * (1.7665e-3 + 1.3766e-3) / 2),
            Quadrotor.rotorsAt(0.0775, 0.0981),
            new ThrustCurve(-0.5300192490953086, 8.971435376396558, -0.8911788522090669),
            0.005964552,
            0.033,
            0.033));
    add(
        Quadrotor.of(
            "flightmare",
            0.73,
            new Vec3(0.00791, 0.00791, 0.0123),
            Quadrotor.rotorsAt(0.17 / Math.sqrt(2), 0.17 / Math.sqrt(2)),
            new ThrustCurve(-1.7689986848125325, 11.50824315802381, 11.968428150335603),
            0.016,
            0.02,
            0.02));
    add(
        Quadrotor.of(
            "soft",
            0.97,
            new Vec3(8.1547e-3, 5.2261e-3, 12.0427e-3),
            Quadrotor.rotorsAt(0.142, 0.169),
            new ThrustCurve(-0.13662779341843762, 4.247460030890121, 3.766033614431835),
            0.2,
            0.04,
            0.04));
    add(
        Quadrotor.of(
            "soft_rigid",
            0.804,
            new Vec3(6.5842e-3, 4.9571e-3, 0.0105718308),
            Quadrotor.rotorsAt(0.142, 0.169),
            new ThrustCurve(-0.33379755540556755, 6.090995069311198, 0.7818335456716792),
            1.7602e-2,
            0.046,
            0.046));
  }

  private Quadrotors() {}

  /** The names, in the registry's order. */
  public static List<String> names() {
    return List.copyOf(BY_NAME.keySet());
  }

  /** Every platform, in the order of {@link #names()}. */
  public static List<Quadrotor> all() {
    return List.copyOf(BY_NAME.values());
  }

  /**
   * The platform of that name.
   *
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public static Quadrotor named(String name) {
    Quadrotor quadrotor = BY_NAME.get(name);
    if (quadrotor == null) {
      throw new IllegalArgumentException(
          "unknown platform '%s', allowed: %s".formatted(name, String.join(", ", names())));
    }
    return quadrotor;
  }

  private static void add(Quadrotor quadrotor) {
    BY_NAME.put(quadrotor.name(), quadrotor);
  }
}

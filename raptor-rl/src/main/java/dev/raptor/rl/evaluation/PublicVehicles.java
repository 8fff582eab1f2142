package dev.raptor.rl.evaluation;

import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.ThrustCurve;
import dev.raptor.sim.vehicle.Vec3;
import java.util.List;

/**
 * Vehicles that others have measured or modelled, and that no policy here is trained on. The
 * numbers are those of the sources below; masses and inertias count rotors as points at their hubs.
 * Where a source gives thrust as k ω², full throttle is its highest rotor speed.
 *
 * <table border="1">
 * <caption>Sources, all on GitHub</caption>
 * <tr><th>name</th><th>source</th></tr>
 * <tr><td>x500_gz</td><td>PX4/PX4-gazebo-models, models/x500_base and models/x500, model.sdf</td></tr>
 * <tr><td>iris</td><td>PX4/PX4-SITL_gazebo-classic, models/iris/iris.sdf.jinja</td></tr>
 * <tr><td>cf21, cf21_brushless</td><td>learnsyslab/crazyflow, cf2x_L250 and cf21B_500 of
 *     crazyflow/dynamics/first_principles/params.toml; lags linearised at hover</td></tr>
 * <tr><td>cf2x</td><td>utiasDSL/gym-pybullet-drones, gym_pybullet_drones/assets/cf2x.urdf, which has
 *     no lag; 50 ms are ours</td></tr>
 * <tr><td>hummingbird, pelican_x, pelican_plus, bebop2</td><td>ethz-asl/rotors_simulator,
 *     rotors_description/urdf; the Hummingbird and one Pelican fly as a +, as there</td></tr>
 * <tr><td>kingfisher</td><td>uzh-rpg/flightmare, flightpy/configs/control/config.yaml</td></tr>
 * <tr><td>racer_5_inch</td><td>tudelft/optimal_quad_control_RL, params_standard of randomization.py,
 *     which was identified per mass: 0.6 kg and the arms are ours and do not change its
 *     motion</td></tr>
 * <tr><td>skydio_x2</td><td>google-deepmind/mujoco_menagerie, skydio_x2/x2.xml, which has no lag; 30 ms
 *     and spins that alternate are ours</td></tr>
 * <tr><td>px4_sih</td><td>PX4/PX4-Autopilot, src/modules/simulation/simulator_sih/sih_params.c</td></tr>
 * <tr><td>mini_3_inch</td><td>valmik/AdaptiveQuadBench, quad_param/mini_quad.py</td></tr>
 * </table>
 */
final class PublicVehicles {
  private PublicVehicles() {}

  /** All of them, in the order of the table. */
  static List<Quadrotor> all() {
    return List.of(
        Quadrotor.of(
            "x500_gz",
            2.0643,
            new Vec3(0.02384, 0.02384, 0.0440),
            Quadrotor.rotorsAt(0.174, 0.174),
            quadratic(8.54858e-6, 1000),
            0.016,
            0.0125,
            0.025),
        Quadrotor.of(
            "iris",
            1.545,
            new Vec3(0.03001, 0.02946, 0.05754),
            List.of(
                new Vec3(0.13, -0.22, 0),
                new Vec3(-0.13, -0.2, 0),
                new Vec3(-0.13, 0.2, 0),
                new Vec3(0.13, 0.22, 0)),
            quadratic(5.84e-6, 1100),
            0.06,
            0.0125,
            0.025),
        Quadrotor.of(
            "cf21",
            0.0328,
            new Vec3(16.8e-6, 16.8e-6, 29.8e-6),
            Quadrotor.rotorsAt(0.03253, 0.03253),
            new ThrustCurve(0, -0.01248, 0.13248),
            0.00681,
            0.136,
            0.108),
        Quadrotor.of(
            "cf21_brushless",
            0.0434,
            new Vec3(25e-6, 28e-6, 49e-6),
            Quadrotor.rotorsAt(0.035355, 0.035355),
            new ThrustCurve(0, -0.00679, 0.20679),
            0.00597,
            0.057,
            0.062),
        Quadrotor.of(
            "cf2x",
            0.027,
            new Vec3(1.4e-5, 1.4e-5, 2.17e-5),
            Quadrotor.rotorsAt(0.028, 0.028),
            new ThrustCurve(0, 0, 2.25 * 0.027 * 9.8 / 4),
            7.94e-12 / 3.16e-10,
            0.05,
            0.05),
        Quadrotor.of(
            "hummingbird",
            0.716,
            new Vec3(0.00752, 0.00752, 0.01304),
            plus(0.17),
            quadratic(8.54858e-6, 838),
            0.016,
            0.0125,
            0.025),
        Quadrotor.of(
            "pelican_x",
            1.04,
            new Vec3(0.01088, 0.01088, 0.02176),
            Quadrotor.rotorsAt(0.21 / Math.sqrt(2), 0.21 / Math.sqrt(2)),
            quadratic(9.9865e-6, 838),
            0.016,
            0.0125,
            0.025),
        Quadrotor.of(
            "pelican_plus",
            1.04,
            new Vec3(0.01088, 0.01088, 0.02176),
            plus(0.21),
            quadratic(9.9865e-6, 838),
            0.016,
            0.0125,
            0.025),
        Quadrotor.of(
            "kingfisher",
            0.752,
            new Vec3(0.0025, 0.0021, 0.0043),
            Quadrotor.rotorsAt(0.075, 0.1),
            quadratic(1.562522e-6, 150, 2333),
            0.022,
            0.033,
            0.033),
        racer(),
        Quadrotor.of(
            "bebop2",
            0.507,
            new Vec3(1.805e-3, 1.764e-3, 3.328e-3),
            List.of(
                new Vec3(0.08456, -0.11435, 0),
                new Vec3(-0.09035, -0.11423, 0),
                new Vec3(-0.09035, 0.11452, 0),
                new Vec3(0.08456, 0.11463, 0)),
            quadratic(8.54858e-6, 838),
            0.016,
            0.0125,
            0.025),
        Quadrotor.of(
            "skydio_x2",
            1.325,
            new Vec3(0.03665, 0.02541, 0.0605),
            Quadrotor.rotorsAt(0.14, 0.18),
            new ThrustCurve(0, 13, 0),
            0.0201,
            0.03,
            0.03),
        Quadrotor.of(
            "px4_sih",
            1,
            new Vec3(0.025, 0.025, 0.03),
            Quadrotor.rotorsAt(0.2, 0.2),
            new ThrustCurve(0, 5, 0),
            0.02,
            0.05,
            0.05),
        Quadrotor.of(
            "mini_3_inch",
            0.267,
            new Vec3(259e-6, 228e-6, 285e-6),
            Quadrotor.rotorsAt(0.058 / Math.sqrt(2), 0.058 / Math.sqrt(2)),
            quadratic(4.32e-8, 6995),
            0.00808,
            0.01,
            0.01));
  }

  /**
   * Roll, pitch, yaw and climb per squared rotor speed are k_p, k_q, k_r and k_w of the source; of
   * the first two the mean of the four motors.
   */
  private static Quadrotor racer() {
    double mass = 0.6;
    double climb = 2.55e-6;
    double roll = 6.26e-5;
    double pitch = 5.23e-5;
    double yaw = 4.95e-6;
    double x = 0.08;
    double y = 0.1;
    double torqueConstant = 0.015;
    double thrust = mass * climb;
    return Quadrotor.of(
        "racer_5_inch",
        mass,
        new Vec3(thrust * y / roll, thrust * x / pitch, thrust * torqueConstant / yaw),
        Quadrotor.rotorsAt(x, y),
        quadratic(thrust, 248.59, 3276.57),
        torqueConstant,
        0.04,
        0.04);
  }

  /** k ω² with speeds in rad/s from rest. */
  private static ThrustCurve quadratic(double k, double highest) {
    return quadratic(k, 0, highest);
  }

  /** k ω² with speeds in rad/s from {@code lowest}. */
  private static ThrustCurve quadratic(double k, double lowest, double highest) {
    double range = highest - lowest;
    return new ThrustCurve(k * lowest * lowest, 2 * k * lowest * range, k * range * range);
  }

  /** Rotors right, behind, left and ahead, which turn as those of an X. */
  private static List<Vec3> plus(double armM) {
    return List.of(
        new Vec3(0, -armM, 0), new Vec3(-armM, 0, 0), new Vec3(0, armM, 0), new Vec3(armM, 0, 0));
  }
}

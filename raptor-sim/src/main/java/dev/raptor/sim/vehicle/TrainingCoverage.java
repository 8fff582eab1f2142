package dev.raptor.sim.vehicle;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A number that follows from a vehicle's parameters, and where it lies among the vehicles of {@link
 * QuadrotorDistribution} that policies are trained on.
 *
 * @param key in JSON, with its unit
 * @param value of the vehicle; NaN where there is none
 * @param trained the range it is drawn from
 * @param place of the value in that range: 0 at its lower end, 1 at its upper, beyond these outside
 */
public record TrainingCoverage(String key, double value, Range trained, double place) {
  private static final Range AS_GOOD_AS_NONE = new Range(0, 0.01);

  /**
   * The figures of a vehicle: those that vehicles are drawn by, and the throttle of hover, which in
   * training follows from the thrust to weight, since all thrust curves have the Crazyflie's shape.
   * The size is not among them: it acts through the torques to inertia alone. These say how fast
   * one rotor at full throttle turns the body, in 1/s²,
   *
   * <pre>
   * about x  √2 · mean |y_i| · f(1)/Jxx     about y  √2 · mean |x_i| · f(1)/Jyy     about z  c_m f(1)/Jzz
   * </pre>
   *
   * and range as in the paper's 1000 vehicles. With c the mean of the rotors' places and ℓ their
   * mean distance from it, both along the body's plane,
   *
   * <pre>
   * balance        ‖c‖/ℓ                                   how far off the centre of mass is
   * arm_asymmetry  (max ‖r_i − c‖ − min ‖r_i − c‖)/ℓ
   * </pre>
   *
   * which are 0 in training; what is within a hundredth is as good as that.
   */
  public static List<TrainingCoverage> of(Quadrotor quadrotor) {
    Quadrotor base = Quadrotors.named("crazyflie");
    Range throttle =
        new Range(
            throttle(base, QuadrotorDistribution.THRUST_TO_WEIGHT.max()),
            throttle(base, QuadrotorDistribution.THRUST_TO_WEIGHT.min()));
    Range mass = QuadrotorDistribution.MASS_KG;
    double root = Math.cbrt(mass.min());
    double massPlace = (Math.cbrt(quadrotor.massKg()) - root) / (Math.cbrt(mass.max()) - root);
    return List.of(
        new TrainingCoverage("mass_kg", quadrotor.massKg(), mass, massPlace),
        figure(
            "thrust_to_weight", quadrotor.thrustToWeight(), QuadrotorDistribution.THRUST_TO_WEIGHT),
        figure("hover_throttle", quadrotor.hoverThrottle(), throttle),
        figure("roll_torque_to_inertia_per_s2", roll(quadrotor), range(TrainingCoverage::roll)),
        figure("pitch_torque_to_inertia_per_s2", pitch(quadrotor), range(TrainingCoverage::pitch)),
        figure("yaw_torque_to_inertia_per_s2", yaw(quadrotor), range(TrainingCoverage::yaw)),
        figure(
            "torque_constant_m",
            quadrotor.torqueConstantM(),
            QuadrotorDistribution.TORQUE_CONSTANT_M),
        figure(
            "time_constant_rising_s",
            quadrotor.timeConstantRisingS(),
            QuadrotorDistribution.TIME_CONSTANT_RISING_S),
        figure(
            "time_constant_falling_s",
            quadrotor.timeConstantFallingS(),
            QuadrotorDistribution.TIME_CONSTANT_FALLING_S),
        figure("balance", balance(quadrotor), AS_GOOD_AS_NONE),
        figure("arm_asymmetry", armAsymmetry(quadrotor), AS_GOOD_AS_NONE));
  }

  /** Whether the policies have seen such a value. */
  public boolean isInside() {
    return trained.contains(value);
  }

  private static double roll(Quadrotor q) {
    double y = q.rotorPositionsM().stream().mapToDouble(r -> Math.abs(r.y())).average().orElse(0);
    return Math.sqrt(2) * y * q.thrustCurve().thrustN(1) * q.inverseInertia().x();
  }

  private static double pitch(Quadrotor q) {
    double x = q.rotorPositionsM().stream().mapToDouble(r -> Math.abs(r.x())).average().orElse(0);
    return Math.sqrt(2) * x * q.thrustCurve().thrustN(1) * q.inverseInertia().y();
  }

  private static double yaw(Quadrotor q) {
    return q.torqueConstantM() * q.thrustCurve().thrustN(1) * q.inverseInertia().z();
  }

  private static double balance(Quadrotor q) {
    return Math.hypot(mean(q, Vec3::x), mean(q, Vec3::y)) / mean(arms(q));
  }

  private static double armAsymmetry(Quadrotor q) {
    double[] arms = arms(q);
    return (Arrays.stream(arms).max().orElseThrow() - Arrays.stream(arms).min().orElseThrow())
        / mean(arms);
  }

  /** From the mean of the rotors' places. */
  private static double[] arms(Quadrotor q) {
    double x = mean(q, Vec3::x);
    double y = mean(q, Vec3::y);
    return q.rotorPositionsM().stream()
        .mapToDouble(r -> Math.hypot(r.x() - x, r.y() - y))
        .toArray();
  }

  private static double mean(Quadrotor q, ToDoubleFunction<Vec3> number) {
    return mean(q.rotorPositionsM().stream().mapToDouble(number).toArray());
  }

  private static double mean(double[] numbers) {
    return Arrays.stream(numbers).average().orElseThrow();
  }

  private static Range range(ToDoubleFunction<Quadrotor> figure) {
    DoubleSummaryStatistics all =
        QuadrotorDistribution.sample(0, 1000).stream()
            .mapToDouble(sampled -> figure.applyAsDouble(sampled.quadrotor()))
            .summaryStatistics();
    return new Range(all.getMin(), all.getMax());
  }

  private static TrainingCoverage figure(String key, double value, Range trained) {
    return new TrainingCoverage(
        key, value, trained, (value - trained.min()) / (trained.max() - trained.min()));
  }

  private static double throttle(Quadrotor base, double thrustToWeight) {
    return base.thrustCurve().throttleFor(base.thrustCurve().thrustN(1) / thrustToWeight);
  }
}

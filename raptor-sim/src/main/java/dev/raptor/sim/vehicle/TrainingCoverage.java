package dev.raptor.sim.vehicle;

import java.util.List;

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
  /**
   * The figures of a vehicle: those that vehicles are drawn by, and the throttle of hover, which in
   * training follows from the thrust to weight, since all thrust curves have the Crazyflie's shape.
   * The size is not among them: it acts through the torque to inertia alone.
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
        figure(
            "torque_to_inertia_per_s2",
            quadrotor.torqueToInertia(),
            QuadrotorDistribution.TORQUE_TO_INERTIA),
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
            QuadrotorDistribution.TIME_CONSTANT_FALLING_S));
  }

  /** Whether the policies have seen such a value. */
  public boolean isInside() {
    return trained.contains(value);
  }

  private static TrainingCoverage figure(String key, double value, Range trained) {
    return new TrainingCoverage(
        key, value, trained, (value - trained.min()) / (trained.max() - trained.min()));
  }

  private static double throttle(Quadrotor base, double thrustToWeight) {
    return base.thrustCurve().throttleFor(base.thrustCurve().thrustN(1) / thrustToWeight);
  }
}

package dev.raptor.sim.vehicle;

import dev.raptor.core.InvalidInputException;
import dev.raptor.sim.kernel.Dynamics;
import java.util.ArrayList;
import java.util.List;

/**
 * The quadrotors that policies are trained on: the Crazyflie, scaled. Drawn in this order:
 *
 * <pre>
 * r       ~ U(1.5, 5)                thrust to weight
 * s       ~ U(∛0.02, ∛5)             m = clamp(s³, 0.02, 5) kg
 * κ       ~ U(40, 1200) 1/s²         torque to inertia
 * u       ~ N(-0.1, 0.1)             size factor k = 1/(1-u) if u &lt; 0, else 1+u
 * c_m     ~ U(0.005, 0.05) m         torque constant
 * δ       ~ U(0, 0.3 max(r-1, 0))    σ_F = δ r m / 3, standard deviation of the disturbance, N
 * τ_rise  ~ U(0.03, 0.10) s
 * τ_fall  ~ U(0.03, 0.30) s
 * </pre>
 *
 * From them, with ⁰ for the Crazyflie and r⁰ its thrust to weight:
 *
 * <pre>
 * c_j  = c⁰_j (r/r⁰) (m/m⁰)               thrust coefficients, N
 * λ    = k ∛(m/m⁰)                        geometric scale
 * x, y = λ (±x⁰, ±y⁰)                     rotor positions, m
 * κ⁰   = √2 x⁰ (r m g / 4) / J⁰xx
 * J    = J⁰ λ κ⁰/κ,   J⁻¹ = J⁰⁻¹ κ/(λ κ⁰)
 * </pre>
 *
 * The size deviation is normal where its two numbers were meant as the ends of a uniform law, and
 * σ_F lacks the factor g; both are the reference's, kept so that its vehicles are drawn.
 */
public final class QuadrotorDistribution {
  /** r: thrust at full throttle over weight. */
  public static final Range THRUST_TO_WEIGHT = new Range(1.5, 5);

  /** Mass in kg; its cube root is uniform. */
  public static final Range MASS_KG = new Range(0.02, 5);

  /** κ of {@link Quadrotor#torqueToInertia()}, 1/s². */
  public static final Range TORQUE_TO_INERTIA = new Range(40, 1200);

  /** Yaw torque over thrust, m. */
  public static final Range TORQUE_CONSTANT_M = new Range(0.005, 0.05);

  /** Lag of a rotor that speeds up, s. */
  public static final Range TIME_CONSTANT_RISING_S = new Range(0.03, 0.10);

  /** Lag of a rotor that slows down, s. */
  public static final Range TIME_CONSTANT_FALLING_S = new Range(0.03, 0.30);

  /** Mean of the size deviation u, which is normal and so has no range. */
  public static final double SIZE_DEVIATION_MEAN = -0.1;

  /** Standard deviation of the size deviation u. */
  public static final double SIZE_DEVIATION_STD = 0.1;

  private static final int MAX_COUNT = 1_000_000;

  private static final Quadrotor BASE = Quadrotors.named("crazyflie");

  private QuadrotorDistribution() {}

  /**
   * Draws {@code count} quadrotors. The first ones do not depend on how many are drawn. Seed 0 and
   * 1000 quadrotors are those of the reference's training set.
   *
   * @param seed reduced to its low 32 bits, which is all the generator takes: seeds that differ by
   *     a multiple of 2³² draw the same vehicles
   * @throws InvalidInputException if {@code count} is negative or above a million
   */
  public static List<SampledQuadrotor> sample(long seed, int count) {
    return sample(QuadrotorRanges.PAPER, seed, count);
  }

  /** Draws {@code count} quadrotors of other ranges, by the same equations in the same order. */
  public static List<SampledQuadrotor> sample(QuadrotorRanges ranges, long seed, int count) {
    if (count < 0 || count > MAX_COUNT) {
      throw new InvalidInputException(
          "count of quadrotors is %d, allowed: 0 to %d".formatted(count, MAX_COUNT));
    }
    Mt19937 random = new Mt19937((int) (seed + 1));
    // The reference's sampler draws one vehicle before the first that it keeps.
    draw(ranges, random, 0);
    List<SampledQuadrotor> quadrotors = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      quadrotors.add(draw(ranges, random, i));
    }
    return List.copyOf(quadrotors);
  }

  private static SampledQuadrotor draw(QuadrotorRanges ranges, Mt19937 random, int index) {
    double r = uniform(random, ranges.thrustToWeight());
    Range mass = ranges.massKg();
    double s = random.uniform(Math.cbrt(mass.min()), Math.cbrt(mass.max()));
    double m = Math.clamp(s * s * s, mass.min(), mass.max());
    double kappa = uniform(random, ranges.torqueToInertia());
    double u = random.normal(SIZE_DEVIATION_MEAN, SIZE_DEVIATION_STD);
    double k = u < 0 ? 1 / (1 - u) : 1 + u;
    double torqueConstantM = uniform(random, ranges.torqueConstantM());
    double delta = random.uniform(0, 0.3 * Math.max(r - 1, 0));
    double risingS = uniform(random, ranges.timeConstantRisingS());
    double fallingS = uniform(random, ranges.timeConstantFallingS());

    double massRatio = m / BASE.massKg();
    double thrustRatio = r / BASE.thrustToWeight() * massRatio;
    double lambda = k * Math.cbrt(massRatio);
    ThrustCurve c = BASE.thrustCurve();
    Vec3 rotor = BASE.rotorPositionsM().get(3);
    double kappa0 =
        Math.sqrt(2)
            * rotor.x()
            * (r * m * Dynamics.GRAVITY_MS2 / Quadrotor.ROTORS)
            / BASE.inertiaKgM2().x();
    double inertiaRatio = lambda * kappa0 / kappa;
    Quadrotor quadrotor =
        new Quadrotor(
            "sampled-" + index,
            m,
            scale(BASE.inertiaKgM2(), inertiaRatio),
            scale(BASE.inverseInertia(), 1 / inertiaRatio),
            Quadrotor.rotorsAt(lambda * rotor.x(), lambda * rotor.y()),
            new ThrustCurve(thrustRatio * c.c0(), thrustRatio * c.c1(), thrustRatio * c.c2()),
            torqueConstantM,
            risingS,
            fallingS);
    return new SampledQuadrotor(index, quadrotor, delta * r * m / 3);
  }

  private static double uniform(Mt19937 random, Range range) {
    return random.uniform(range.min(), range.max());
  }

  private static Vec3 scale(Vec3 v, double factor) {
    return new Vec3(v.x() * factor, v.y() * factor, v.z() * factor);
  }
}

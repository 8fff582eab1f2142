package dev.raptor.sim.kernel;

/**
 * The references, limits and rewards of a batch in {@link Dynamics#advance}. Rows as there.
 *
 * <p>The reward is that of {@link dev.raptor.sim.Task}, where acos(1 − x) = √x P(1 − x) for x in
 * [0, 1], formula 4.4.46 of Abramowitz and Stegun: good to 2e-8, so that rounding is all there is.
 *
 * <p>The Langevin process is that of {@link dev.raptor.sim.Environment}. Its noise is drawn from a
 * counter, so that lanes can be worked on side by side: number i of an episode with the keys k1 and
 * k2 is
 *
 * <pre>
 * h = mix(k1 + i 0x9E3779B9, k2)       the finalizer of MurmurHash3, k2 xored in halfway
 * S = sum of the four bytes of h − 510
 * ξ = b1 S + b3 S³ + b5 S⁵
 * </pre>
 *
 * with the b that give ξ the second, fourth and sixth moment of the standard normal distribution;
 * the odd ones vanish. Its distribution function is off by 0.0013 at most, and |ξ| goes up to 4.5.
 *
 * @param lanes how many episodes there are
 * @param rewardConstant of a step without fault, [lanes]
 * @param limits of position, velocity and body rates, [3][lanes]
 * @param reference position and velocity of the reference, [6][lanes]
 * @param previousAction raw, as the policy sees it, [4][lanes]
 * @param lastAction raw, whose change is charged, [4][lanes]
 * @param steps since the start, [lanes]
 * @param langevin x and v of three axes, [6][lanes]
 * @param noise σ √dt of the Langevin process, 0 where the reference is another, [lanes]
 * @param keys k1 and k2, [2][lanes]
 * @param moving how many lanes of each tile follow the Langevin process, [tiles]
 */
public record Episodes(
    int lanes,
    float[] rewardConstant,
    float[] limits,
    float[] reference,
    float[] previousAction,
    float[] lastAction,
    int[] steps,
    float[] langevin,
    float[] noise,
    int[] keys,
    int[] moving) {
  /** The reward of a step into a terminated state. */
  public static final float TERMINATION_REWARD = -100;

  /** What a change of commands costs at most, so that commands of any size have a reward. */
  public static final float MAX_CHANGE = 1e9f;

  /** Minus twice the weight of the yaw in the reward. */
  public static final float MINUS_TWICE_YAW_WEIGHT = -0.2f;

  /** P, from its constant on. */
  public static final float P0 = 1.5707963050f;

  /** Of the first power. */
  public static final float P1 = -0.2145988016f;

  /** Of the second. */
  public static final float P2 = 0.0889789874f;

  /** Of the third. */
  public static final float P3 = -0.0501743046f;

  /** Of the fourth. */
  public static final float P4 = 0.0308918810f;

  /** Of the fifth. */
  public static final float P5 = -0.0170881256f;

  /** Of the sixth. */
  public static final float P6 = 0.0066700901f;

  /** Of the seventh. */
  public static final float P7 = -0.0012624911f;

  /** What a key grows by from number to number. */
  public static final int GOLDEN = 0x9E3779B9;

  /** The first factor of the mixer. */
  public static final int MIX_1 = 0x85EBCA6B;

  /** The second. */
  public static final int MIX_2 = 0xC2B2AE35;

  /** Every other byte. */
  public static final int BYTES = 0x00FF00FF;

  /** The bits of 2²³, whose last ones count in ones. */
  public static final int ONES = 0x4B000000;

  /** 2²³ and the mean of the sum of four bytes. */
  public static final float ONES_AND_MEAN = 0x1p23f + 510;

  /** b1. */
  public static final float B1 = 0.006573105213875121f;

  /** b3. */
  public static final float B3 = 2.72788171249243e-10f;

  /** b5. */
  public static final float B5 = 3.3059096989787374e-14f;

  /** −γ dt. */
  public static final float FRICTION = -Dynamics.STEP;

  /** −ω0² dt. */
  public static final float STIFFNESS = -4 * Dynamics.STEP;

  /** α. */
  public static final float SMOOTHING = 0.01f;

  /** {@code lanes} episodes that are over at once. */
  public static Episodes of(int lanes) {
    return new Episodes(
        lanes,
        new float[lanes],
        new float[3 * lanes],
        new float[6 * lanes],
        new float[4 * lanes],
        new float[4 * lanes],
        new int[lanes],
        new float[6 * lanes],
        new float[lanes],
        new int[2 * lanes],
        new int[(lanes + Dynamics.TILE - 1) / Dynamics.TILE]);
  }
}

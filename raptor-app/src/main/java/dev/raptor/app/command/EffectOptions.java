package dev.raptor.app.command;

import dev.raptor.core.InvalidInputException;
import dev.raptor.sim.effects.ActionDelay;
import dev.raptor.sim.effects.AttitudeLag;
import dev.raptor.sim.effects.BatterySag;
import dev.raptor.sim.effects.BladeFlapping;
import dev.raptor.sim.effects.CentreOfMass;
import dev.raptor.sim.effects.ConstantWind;
import dev.raptor.sim.effects.DrydenTurbulence;
import dev.raptor.sim.effects.Effect;
import dev.raptor.sim.effects.GroundEffect;
import dev.raptor.sim.effects.Gusts;
import dev.raptor.sim.effects.GyroLag;
import dev.raptor.sim.effects.GyroVibration;
import dev.raptor.sim.effects.Impulse;
import dev.raptor.sim.effects.ImuNoise;
import dev.raptor.sim.effects.LinearDrag;
import dev.raptor.sim.effects.ObservationDelay;
import dev.raptor.sim.effects.OtherPropellers;
import dev.raptor.sim.effects.Payload;
import dev.raptor.sim.effects.PositionDropouts;
import dev.raptor.sim.effects.QuadraticDrag;
import dev.raptor.sim.effects.SensorNoise;
import dev.raptor.sim.effects.TorqueGusts;
import dev.raptor.sim.effects.UnequalMotors;
import dev.raptor.sim.effects.WeakMotor;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that make a flight harder than the plain simulator; all are off unless asked for. */
final class EffectOptions {
  private static final double VIBRATION_HZ = 87;

  @Option(names = "--drag", description = "The drag of rotors and body, in still air.")
  private boolean drag;

  @Option(
      names = "--wind",
      paramLabel = "MS",
      description =
          "A steady wind along world x, against it if negative, m/s; brings the drag with it.")
  private Double wind;

  @Option(
      names = "--gust",
      paramLabel = "MS",
      description = "Gusts of that standard deviation per axis, m/s; bring the drag with them.")
  private Double gust;

  @Option(
      names = "--turbulence",
      paramLabel = "MS",
      description =
          "Dryden turbulence at 6 m, for a wind of that many m/s, which --wind adds; brings the"
              + " drag.")
  private Double turbulence;

  @Option(
      names = "--floor",
      paramLabel = "M",
      description = "Ground effect of a floor that many metres below the origin.")
  private Double floor;

  @Option(
      names = "--battery",
      paramLabel = "CHARGE",
      description = "A battery that sags, charged to this share at the start.")
  private Double battery;

  @Option(
      names = "--noise",
      paramLabel = "FACTOR",
      description = "Sensor noise and bias walk; 1 is 5 mm, half a degree, 5 cm/s and 3 degrees/s.")
  private Double noise;

  @Option(
      names = "--delay",
      paramLabel = "STEPS",
      description = "Commands reach the motors that many steps of 10 ms late.")
  private Integer delay;

  @Option(
      names = "--observation-delay",
      paramLabel = "STEPS",
      description = "Measurements arrive that many steps of 10 ms late.")
  private Integer observationDelay;

  @Option(
      names = "--poke",
      paramLabel = "MS",
      description = "A push sideways halfway through the flight that changes the velocity by this.")
  private Double poke;

  @Option(
      names = "--payload",
      paramLabel = "SHARE",
      description =
          "A weight of this share of the vehicle's, picked up halfway, one arm below the centre.")
  private Double payload;

  @Option(
      names = "--payload-at",
      paramLabel = "MM,MM,MM",
      converter = Place.class,
      description = "Where that weight hangs instead: forward, left and up of the centre, mm.")
  private Vec3 payloadAt;

  @Option(
      names = "--balance",
      paramLabel = "MM",
      description = "The centre of mass is that far ahead of where it should be, mm.")
  private Double balance;

  @Option(
      names = "--motors",
      paramLabel = "SHARE",
      description = "Motors differ by up to this share of their thrust, more or less.")
  private Double motors;

  @Option(
      names = "--flapping",
      paramLabel = "FACTOR",
      description =
          "The torque of rotors that lean back in the wind; 1 is 3 degrees per m/s at a fifth of the"
              + " arm.")
  private Double flapping;

  @Option(
      names = "--torque-gust",
      paramLabel = "SHARE",
      description = "Gusts of torque of that standard deviation over arm and weight.")
  private Double torqueGust;

  @Option(
      names = "--imu",
      paramLabel = "FACTOR",
      description =
          "Errors of an inertial unit: bias, scale, slow errors of the attitude; 1 is a consumer's.")
  private Double imu;

  @Option(
      names = "--vibration",
      paramLabel = "RAD_S",
      description = "A gyroscope shaken by that amplitude at 87 Hz.")
  private Double vibration;

  @Option(
      names = "--attitude-lag",
      paramLabel = "MS",
      description = "The attitude is known with a lag of first order, ms.")
  private Double attitudeLag;

  @Option(
      names = "--gyro-lag",
      paramLabel = "MS",
      description = "The gyroscope is behind a filter of first order, ms; 8 is 20 Hz.")
  private Double gyroLag;

  @Option(
      names = "--dropouts",
      paramLabel = "SHARE",
      description = "Position and velocity are lost for that share of the time, for 0.1 s each.")
  private Double dropouts;

  /** Three numbers in mm, as metres. */
  static final class Place implements ITypeConverter<Vec3> {
    @Override
    public Vec3 convert(String text) {
      String[] parts = text.split(",", -1);
      try {
        if (parts.length == 3) {
          return new Vec3(metres(parts[0]), metres(parts[1]), metres(parts[2]));
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
      throw new TypeConversionException(
          "'%s' is no place, allowed: three numbers in mm, as 10,0,-50".formatted(text));
    }

    private static double metres(String millimetres) {
      return Double.parseDouble(millimetres.trim()) / 1000;
    }
  }

  @Option(
      names = "--motor",
      paramLabel = "SHARE",
      description =
          "The front right motor gives only this share of its thrust from halfway on; 0 is dead.")
  private Double motor;

  @Option(
      names = "--propellers",
      paramLabel = "RATIO",
      description = "Propellers of this diameter over the vehicle's own.")
  private Double propellers;

  /** The effects of a flight of {@code seconds}, in the order in which they act. */
  List<Effect> effects(Quadrotor quadrotor, double seconds) {
    List<Effect> effects = new ArrayList<>();
    double halfway = seconds / 2;
    add(effects, "--wind", wind, speed -> new ConstantWind(new Vec3(speed, 0, 0)));
    add(effects, "--gust", gust, std -> new Gusts(std, Gusts.DEFAULT.correlationS()));
    add(
        effects,
        "--turbulence",
        turbulence,
        speed -> new DrydenTurbulence(speed, DrydenTurbulence.DEFAULT.heightM()));
    if (drag || !effects.isEmpty()) {
      effects.add(LinearDrag.DEFAULT);
      effects.add(QuadraticDrag.DEFAULT);
    }
    add(effects, "--propellers", propellers, OtherPropellers::new);
    add(
        effects,
        "--balance",
        balance,
        millimetres -> {
          Effect off = new CentreOfMass(new Vec3(millimetres / 1000, 0, 0));
          off.start(quadrotor, new SplittableRandom());
          return off;
        });
    Vec3 place = payloadAt == null ? new Vec3(0, 0, -quadrotor.armM()) : payloadAt;
    add(
        effects,
        "--payload",
        payload,
        share -> {
          Effect weight = new Payload(halfway, share, place);
          weight.start(quadrotor, new SplittableRandom());
          return weight;
        });
    add(effects, "--battery", battery, BatterySag.DEFAULT::withCharge);
    add(
        effects,
        "--floor",
        floor,
        depth -> new GroundEffect(-depth, GroundEffect.CRAZYFLIE_RADIUS_PER_ARM));
    add(
        effects,
        "--flapping",
        flapping,
        factor ->
            new BladeFlapping(
                factor * BladeFlapping.DEFAULT.leanPerMS(), BladeFlapping.DEFAULT.leverPerArm()));
    add(
        effects,
        "--torque-gust",
        torqueGust,
        std -> new TorqueGusts(std, TorqueGusts.DEFAULT.correlationS()));
    add(effects, "--motors", motors, UnequalMotors::new);
    add(effects, "--motor", motor, share -> new WeakMotor(halfway, 0, share));
    add(effects, "--poke", poke, speed -> new Impulse(halfway, new Vec3(0, speed, 0), Vec3.ZERO));
    add(effects, "--noise", noise, SensorNoise.DEFAULT::times);
    add(effects, "--imu", imu, ImuNoise.DEFAULT::times);
    add(effects, "--vibration", vibration, size -> new GyroVibration(size, VIBRATION_HZ));
    add(effects, "--gyro-lag", gyroLag, milliseconds -> new GyroLag(milliseconds / 1000));
    add(
        effects,
        "--attitude-lag",
        attitudeLag,
        milliseconds -> new AttitudeLag(milliseconds / 1000));
    add(
        effects,
        "--dropouts",
        dropouts,
        share -> new PositionDropouts(share, PositionDropouts.DEFAULT.meanS()));
    add(effects, "--observation-delay", observationDelay, ObservationDelay::new);
    add(effects, "--delay", delay, ActionDelay::new);
    return effects;
  }

  /** Whether nothing was asked for. */
  boolean isEmpty() {
    return toString().isEmpty();
  }

  /** Adds an effect if its option was given; an error names the option. */
  private static <V> void add(
      List<Effect> effects, String option, V value, Function<V, Effect> effect) {
    if (value == null) {
      return;
    }
    if (value instanceof Double number && !Double.isFinite(number)) {
      throw new InvalidInputException(
          "%s is %s, allowed: a finite number".formatted(option, number));
    }
    try {
      effects.add(effect.apply(value));
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(option + ": " + e.getMessage(), e);
    }
  }

  /** What was asked for, for a title; empty if nothing was. */
  @Override
  public String toString() {
    StringJoiner words = new StringJoiner(", ");
    say(words, "wind %s m/s", wind);
    say(words, "gusts %s m/s", gust);
    say(words, "turbulence %s m/s", turbulence);
    say(words, "drag", drag ? drag : null);
    say(words, "propellers %s", propellers);
    say(words, "payload %s", payload);
    say(words, "payload at %s mm", millimetres(payloadAt));
    say(words, "centre of mass %s mm ahead", balance);
    say(words, "motors within %s", motors);
    say(words, "flapping %s", flapping);
    say(words, "torque gusts %s", torqueGust);
    say(words, "battery %s", battery);
    say(words, "floor %s m", floor);
    say(words, "motor %s", motor);
    say(words, "poke %s m/s", poke);
    say(words, "noise %s", noise);
    say(words, "inertial unit %s", imu);
    say(words, "vibration %s rad/s", vibration);
    say(words, "gyro lag %s ms", gyroLag);
    say(words, "attitude lag %s ms", attitudeLag);
    say(words, "positions lost %s", dropouts);
    say(words, "measurements %s steps late", observationDelay);
    say(words, "commands %s steps late", delay);
    return words.toString();
  }

  private static String millimetres(Vec3 place) {
    return place == null
        ? null
        : "%s, %s, %s".formatted(1000 * place.x(), 1000 * place.y(), 1000 * place.z());
  }

  private static void say(StringJoiner words, String pattern, Object value) {
    if (value != null) {
      words.add(pattern.formatted(value));
    }
  }
}

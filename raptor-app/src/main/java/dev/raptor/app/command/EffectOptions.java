package dev.raptor.app.command;

import dev.raptor.core.InvalidInputException;
import dev.raptor.sim.effects.ActionDelay;
import dev.raptor.sim.effects.BatterySag;
import dev.raptor.sim.effects.ConstantWind;
import dev.raptor.sim.effects.DrydenTurbulence;
import dev.raptor.sim.effects.Effect;
import dev.raptor.sim.effects.GroundEffect;
import dev.raptor.sim.effects.Gusts;
import dev.raptor.sim.effects.Impulse;
import dev.raptor.sim.effects.LinearDrag;
import dev.raptor.sim.effects.ObservationDelay;
import dev.raptor.sim.effects.OtherPropellers;
import dev.raptor.sim.effects.Payload;
import dev.raptor.sim.effects.QuadraticDrag;
import dev.raptor.sim.effects.SensorNoise;
import dev.raptor.sim.effects.WeakMotor;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Vec3;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** The options that make a flight harder than the plain simulator; all are off unless asked for. */
final class EffectOptions {
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
    add(effects, "--payload", payload, share -> new Payload(halfway, share, quadrotor.armM()));
    add(effects, "--battery", battery, BatterySag.DEFAULT::withCharge);
    add(
        effects,
        "--floor",
        floor,
        depth -> new GroundEffect(-depth, GroundEffect.CRAZYFLIE_RADIUS_PER_ARM));
    add(effects, "--motor", motor, share -> new WeakMotor(halfway, 0, share));
    add(effects, "--poke", poke, speed -> new Impulse(halfway, new Vec3(0, speed, 0), Vec3.ZERO));
    add(effects, "--noise", noise, SensorNoise.DEFAULT::times);
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
    say(words, "battery %s", battery);
    say(words, "floor %s m", floor);
    say(words, "motor %s", motor);
    say(words, "poke %s m/s", poke);
    say(words, "noise %s", noise);
    say(words, "measurements %s steps late", observationDelay);
    say(words, "commands %s steps late", delay);
    return words.toString();
  }

  private static void say(StringJoiner words, String pattern, Object value) {
    if (value != null) {
      words.add(pattern.formatted(value));
    }
  }
}

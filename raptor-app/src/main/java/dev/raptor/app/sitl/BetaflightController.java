package dev.raptor.app.sitl;

import dev.raptor.core.Observation;
import dev.raptor.core.flight.MotorOrder;
import dev.raptor.core.flight.Motors;
import dev.raptor.core.flight.ThrottleRange;
import dev.raptor.sim.controller.Controller;
import dev.raptor.sim.vehicle.Quadrotor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * An unchanged Betaflight, built for SITL and running on this computer, as a controller: it is told
 * what its sensors would measure, and a pilot's sticks in its mode ANGLE that hold the reference.
 *
 * <pre>
 *   observation - sensors - UDP 9003 -> Betaflight -> UDP 9001 - motors - action
 *             \\- pilot  - UDP 9004 ->
 *
 *   acceleration wanted  a = −2 p − 2.5 v − 0.3 ∫p, level at most 4 m/s², in the axes of the heading
 *   roll, pitch          −a_y / g, a_x / g of the angle at full stick, 60 degrees
 *   yaw                  turning at 1.5 of the heading error, 1/s
 *   throttle             that of hover times √((g + a_z)/g / cos tilt)
 * </pre>
 *
 * <p>Betaflight's clock is this computer's, so flights take as long as they last. Before each it
 * arms, while the vehicle is held level; a switch on channel 5 arms, ANGLE is to be always on.
 * Rates are to be as Betaflight is delivered, as its sticks are bent by them.
 */
public final class BetaflightController implements Controller {
  private static final int STATE_PORT = 9003;
  private static final int STICKS_PORT = 9004;
  private static final int MOTORS_PORT = 9001;
  private static final long STEP_NANOS = 10_000_000;
  private static final double STEP_S = 0.01;
  private static final double G = 9.81;
  private static final double FULL_STICK_RAD = Math.PI / 3;
  private static final double MOST_LEVEL = 4;

  /** Betaflight's rates as it is delivered, 70 and 670 degrees a second, rad/s. */
  private static final double CENTRE_RATE = Math.toRadians(70);

  private static final double FULL_RATE = Math.toRadians(670);
  private static final int SWITCH_ON = 2000;
  private static final int SILENT_STEPS = 100;

  /** Betaflight takes its time to start. */
  private static final int FIRST_SILENT_STEPS = 500;

  private static final int DISARMED_STEPS = 100;
  private static final int ARMING_STEPS = 200;
  private static final int SPOOL_STEPS = 50;
  private static final int ATTEMPTS = 10;

  private final Motors motors = new Motors(MotorOrder.BETAFLIGHT, ThrottleRange.unit(0));
  private final Link link;
  private final double hover;
  private final double[] throttles = new double[Motors.COUNT];
  private final double[] velocity = new double[3];
  private final double[] integral = new double[3];
  private final byte[] packet = new byte[512];
  private boolean moved;

  private BetaflightController(Link link, Quadrotor vehicle) {
    this.link = link;
    hover = vehicle.hoverThrottle();
  }

  /** A controller for a flight of {@code vehicle}, whose throttle at hover the pilot knows. */
  public static BetaflightController board(Quadrotor vehicle) {
    return new BetaflightController(Link.DEFAULT, vehicle);
  }

  /** For tests: with a peer on other ports, and steps of another length of real time. */
  static BetaflightController board(
      Quadrotor vehicle, int statePort, int sticksPort, int motorsPort, long stepNanos) {
    return new BetaflightController(
        new Link(statePort, sticksPort, motorsPort, stepNanos), vehicle);
  }

  @Override
  public void reset() {
    Arrays.fill(integral, 0);
    moved = false;
    float[] level = new float[Observation.SIZE];
    for (int i = 0; i < 3; i++) {
      level[Observation.ROTATION + 4 * i] = 1;
    }
    double[] weight = {0, 0, G};
    int[] idle = {1500, 1500, 1000, 1500, 1000};
    int[] arm = {1500, 1500, 1000, 1500, SWITCH_ON};
    int[] spool = {1500, 1500, 1000 + (int) (1000 * hover), 1500, SWITCH_ON};
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      for (int i = 0; i < DISARMED_STEPS; i++) {
        exchange(level, weight, idle);
      }
      boolean armed = Arrays.stream(throttles).allMatch(t -> t == 0);
      for (int i = 0; i < ARMING_STEPS && armed && throttles[0] == 0; i++) {
        exchange(level, weight, arm);
      }
      for (int i = 0; i < SPOOL_STEPS && armed; i++) {
        exchange(level, weight, spool);
      }
      // One that was in its failsafe turns the motors for a moment and stops them again.
      if (armed && Arrays.stream(throttles).allMatch(t -> t > hover / 2)) {
        return;
      }
    }
    throw new UncheckedIOException(
        new IOException(
            "Betaflight answers but does not arm: is channel 5 its switch for ARM, and ANGLE on? Its"
                + " console says what keeps it from arming"));
  }

  @Override
  public void act(float[] observation, float[] action) {
    double[] force = force(observation);
    exchange(observation, force, channels(observation));
    motors.toAction(throttles, action);
  }

  /** The specific force from the change of velocity since the step before, body frame. */
  private double[] force(float[] observation) {
    double[] world = {0, 0, G};
    for (int i = 0; i < 3; i++) {
      double v = observation[Observation.VELOCITY + i];
      world[i] += moved ? (v - velocity[i]) / STEP_S : 0;
      velocity[i] = v;
    }
    moved = true;
    double[] body = new double[3];
    for (int i = 0; i < 3; i++) {
      for (int k = 0; k < 3; k++) {
        body[i] += observation[Observation.ROTATION + 3 * k + i] * world[k];
      }
    }
    return body;
  }

  /** What a pilot who sees where the vehicle is would do with the sticks. */
  private int[] channels(float[] observation) {
    double[] a = new double[3];
    for (int i = 0; i < 3; i++) {
      double p = observation[Observation.POSITION + i];
      double v = observation[Observation.VELOCITY + i];
      integral[i] = Math.clamp(integral[i] + p * STEP_S, -2, 2);
      a[i] = -2 * p - 2.5 * v - 0.3 * integral[i];
    }
    double level = Math.hypot(a[0], a[1]);
    double share = level > MOST_LEVEL ? MOST_LEVEL / level : 1;
    double heading =
        Math.atan2(observation[Observation.ROTATION + 3], observation[Observation.ROTATION]);
    double cos = Math.cos(heading);
    double sin = Math.sin(heading);
    double forward = share * (cos * a[0] + sin * a[1]);
    double left = share * (cos * a[1] - sin * a[0]);
    double up = Math.clamp(a[2], -0.6 * G, G);
    double tilt = Math.max(0.5, observation[Observation.ROTATION + 8]);
    return new int[] {
      1500 - stick(left / G / FULL_STICK_RAD),
      1500 + stick(forward / G / FULL_STICK_RAD),
      1000 + (int) Math.round(1000 * Math.clamp(hover * Math.sqrt((1 + up / G) / tilt), 0.02, 1)),
      1500 + stick(1.5 * heading / FULL_RATE),
      SWITCH_ON
    };
  }

  /**
   * Where a stick has to stand for a share of the largest angle or rate: y = c x + (1 - c) x |x|.
   */
  private static int stick(double share) {
    double y = Math.min(1, Math.abs(share));
    double c = CENTRE_RATE / FULL_RATE;
    double x = (Math.sqrt(c * c + 4 * (1 - c) * y) - c) / (2 * (1 - c));
    return (int) Math.round(Math.copySign(500 * x, share));
  }

  /** One step of the clock: sensors and sticks out, the newest motors in. */
  private void exchange(float[] observation, double[] force, int[] channels) {
    try {
      link.exchange(observation, force, channels, throttles, packet);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The sockets, and the clock that goes on from flight to flight. */
  private static final class Link {
    /** One for all flights: there is one Betaflight. */
    static final Link DEFAULT = new Link(STATE_PORT, STICKS_PORT, MOTORS_PORT, STEP_NANOS);

    private final int statePort;
    private final int sticksPort;
    private final int motorsPort;
    private final long stepNanos;
    private DatagramSocket socket;
    private long next;
    private long steps;
    private int silent;
    private boolean known;

    Link(int statePort, int sticksPort, int motorsPort, long stepNanos) {
      this.statePort = statePort;
      this.sticksPort = sticksPort;
      this.motorsPort = motorsPort;
      this.stepNanos = stepNanos;
    }

    synchronized void exchange(
        float[] observation, double[] force, int[] channels, double[] throttles, byte[] packet)
        throws IOException {
      if (socket == null) {
        socket = new DatagramSocket(new InetSocketAddress(local(), motorsPort));
        next = System.nanoTime();
      }
      double time = steps++ * STEP_S;
      send(BetaflightPackets.state(time, observation, force), statePort);
      send(BetaflightPackets.sticks(time, channels), sticksPort);
      // A step that came late does not make the ones after it early.
      next = Math.max(next + stepNanos, System.nanoTime());
      boolean heard = false;
      long left;
      while ((left = next - System.nanoTime()) > 0) {
        heard |= receive(left, throttles, packet);
      }
      silent = heard ? 0 : silent + 1;
      known |= heard;
      if (silent >= (known ? SILENT_STEPS : FIRST_SILENT_STEPS)) {
        throw new IOException(
            "nothing comes from Betaflight on UDP port %d of %s, allowed: a Betaflight built for"
                    .formatted(motorsPort, local().getHostAddress())
                + " SITL that runs on this computer");
      }
    }

    private void send(byte[] bytes, int port) throws IOException {
      try {
        socket.send(new DatagramPacket(bytes, bytes.length, local(), port));
      } catch (java.net.PortUnreachableException e) {
        // Nobody listens yet, or any more; the silence is counted.
        return;
      }
    }

    private boolean receive(long nanos, double[] throttles, byte[] packet) throws IOException {
      if (nanos < 1_000_000) {
        LockSupport.parkNanos(nanos);
        return false;
      }
      socket.setSoTimeout((int) (nanos / 1_000_000));
      DatagramPacket received = new DatagramPacket(packet, packet.length);
      try {
        socket.receive(received);
      } catch (SocketTimeoutException e) {
        return false;
      } catch (InterruptedIOException e) {
        throw new IOException("interrupted", e);
      }
      return BetaflightPackets.motors(packet, received.getLength(), throttles);
    }

    private static InetAddress local() {
      return InetAddress.getLoopbackAddress();
    }
  }
}

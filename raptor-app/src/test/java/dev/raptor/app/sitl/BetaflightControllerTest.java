package dev.raptor.app.sitl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.raptor.core.RandomStreams;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.Task;
import dev.raptor.sim.controller.Controller;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.Quadrotors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against a peer that flies as Betaflight does, with what goes wrong on a network. */
class BetaflightControllerTest {
  private static final long STEP_NANOS = 3_000_000;

  @Test
  void holdsAPointThroughLossDoublesAndGarbage() throws Exception {
    try (Peer peer = new Peer(0.2)) {
      Environment world = world();
      Controller controller = board(peer);
      controller.reset();
      float[] observation = new float[22];
      float[] action = new float[4];
      float[] reward = new float[1];
      boolean[] terminated = new boolean[1];
      for (int t = 0; t < 800; t++) {
        world.observe(ObservationKind.RELATIVE, observation);
        controller.act(observation, action);
        world.step(action, reward, terminated);
        assertThat(terminated[0]).as("lost in step %d", t).isFalse();
      }
      world.observe(ObservationKind.RELATIVE, observation);
      assertThat(Math.hypot(observation[0], observation[1])).isLessThan(0.15);
      assertThat(observation[2]).isCloseTo(0, within(0.3f));
      assertThat(peer.wrong).isZero();
    }
  }

  @Test
  void saysThatNobodyIsThere() throws Exception {
    Peer gone = new Peer(0);
    gone.close();
    Controller controller = board(gone);
    assertThatThrownBy(controller::reset)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("nothing comes from Betaflight on UDP port " + gone.motorsPort);
  }

  @Test
  void saysThatItDoesNotArm() throws Exception {
    try (Peer peer = new Peer(0)) {
      peer.arms = false;
      Controller controller = board(peer);
      assertThatThrownBy(controller::reset)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("does not arm");
    }
  }

  @Test
  void packetsAreAsBetaflightDeclaresThem() {
    float[] observation = new float[22];
    double half = Math.sqrt(0.5);
    // Nose to the left by a quarter turn, then observed: R = Rz(90 degrees).
    observation[4] = -1;
    observation[6] = 1;
    observation[11] = 1;
    observation[2] = 10;
    observation[12] = 3;
    observation[15] = 0.1f;
    observation[16] = 0.2f;
    observation[17] = 0.3f;
    byte[] state = BetaflightPackets.state(1.5, observation, new double[] {1, 2, 9.81});
    assertThat(state).hasSize(144);
    ByteBuffer in = ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN);
    double[] doubles = new double[18];
    in.asDoubleBuffer().get(doubles);
    assertThat(Arrays.copyOf(doubles, 14))
        .usingComparatorWithPrecision(1e-6)
        .containsExactly(1.5, 0.1, -0.2, -0.3, 1, -2, -9.81, half, 0, 0, -half, 3, 0, 0);
    assertThat(doubles[16]).isEqualTo(10);
    assertThat(doubles[17]).isCloseTo(101_325 - 120, within(2.0));

    byte[] sticks = BetaflightPackets.sticks(2, 1500, 900, 2100, 1600, 2000);
    assertThat(sticks).hasSize(40);
    ByteBuffer channels = ByteBuffer.wrap(sticks).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(channels.getDouble()).isEqualTo(2);
    short[] given = new short[16];
    channels.asShortBuffer().get(given);
    assertThat(Arrays.copyOf(given, 6))
        .containsExactly(
            (short) 1500, (short) 1000, (short) 2000, (short) 1600, (short) 2000, (short) 1000);
  }

  @Test
  void anyAttitudeBecomesItsQuaternion() {
    Random random = new Random(1);
    for (int n = 0; n < 1000; n++) {
      double[] q = new double[4];
      double norm = 0;
      for (int i = 0; i < 4; i++) {
        q[i] = random.nextGaussian();
        norm += q[i] * q[i];
      }
      double length = Math.sqrt(norm);
      Arrays.setAll(q, i -> q[i] / length);
      float[] observation = new float[22];
      observation[3] = (float) (1 - 2 * (q[2] * q[2] + q[3] * q[3]));
      observation[4] = (float) (2 * (q[1] * q[2] - q[0] * q[3]));
      observation[5] = (float) (2 * (q[1] * q[3] + q[0] * q[2]));
      observation[6] = (float) (2 * (q[1] * q[2] + q[0] * q[3]));
      observation[7] = (float) (1 - 2 * (q[1] * q[1] + q[3] * q[3]));
      observation[8] = (float) (2 * (q[2] * q[3] - q[0] * q[1]));
      observation[9] = (float) (2 * (q[1] * q[3] - q[0] * q[2]));
      observation[10] = (float) (2 * (q[2] * q[3] + q[0] * q[1]));
      observation[11] = (float) (1 - 2 * (q[1] * q[1] + q[2] * q[2]));
      double[] found = BetaflightPackets.quaternion(observation);
      double same = 0;
      for (int i = 0; i < 4; i++) {
        same += found[i] * q[i];
      }
      assertThat(Math.abs(same)).isCloseTo(1, within(1e-5));
    }
  }

  private static Environment world() {
    Quadrotor quadrotor = Quadrotors.named("x500_real");
    Environment world = new Environment(1);
    world.assign(0, quadrotor, Task.platform(quadrotor).widened());
    world.reset(0, RandomStreams.of(1), ReferenceKind.HOVER);
    float[] state = world.simulator().state();
    Arrays.fill(state, Simulator.PX, Simulator.N0, 0);
    Arrays.fill(state, Simulator.N0, Simulator.N0 + 4, (float) quadrotor.hoverThrottle());
    state[Simulator.PX] = 0.4f;
    state[Simulator.PY] = -0.3f;
    state[Simulator.QW] = 1;
    return world;
  }

  private static Controller board(Peer peer) throws IOException {
    return BetaflightController.board(
        Quadrotors.named("x500_real"),
        peer.statePort,
        peer.sticksPort,
        peer.motorsPort,
        STEP_NANOS);
  }

  /**
   * Betaflight in small: reads both packets, arms by channel 5, holds the angles that the sticks
   * ask for, and answers each state, but for some that get lost, doubled or garbled.
   */
  private static final class Peer implements AutoCloseable {
    final DatagramSocket state = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    final DatagramSocket sticks = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    final int statePort = state.getLocalPort();
    final int sticksPort = sticks.getLocalPort();
    final int motorsPort;
    volatile boolean arms = true;
    volatile int wrong;
    private final double trouble;
    private final short[] channels = new short[16];

    Peer(double trouble) throws SocketException {
      this.trouble = trouble;
      try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
        motorsPort = free.getLocalPort();
      }
      Thread.ofPlatform().daemon().start(this::hearSticks);
      Thread.ofPlatform().daemon().start(this::fly);
    }

    private void hearSticks() {
      byte[] bytes = new byte[100];
      try {
        while (true) {
          DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
          sticks.receive(packet);
          if (packet.getLength() != 40) {
            wrong++;
          }
          synchronized (channels) {
            ByteBuffer.wrap(bytes, 8, 32)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer()
                .get(channels);
          }
        }
      } catch (IOException e) {
        // Closed: the test is over.
        return;
      }
    }

    private void fly() {
      byte[] bytes = new byte[200];
      Random random = new Random(2);
      try {
        while (true) {
          DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
          state.receive(packet);
          if (packet.getLength() != 144) {
            wrong++;
          }
          double[] in = new double[18];
          ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(in);
          byte[] out = motors(in);
          double luck = random.nextDouble();
          if (luck < trouble / 4) {
            continue;
          }
          if (luck < trouble / 2) {
            send(Arrays.copyOf(out, 30));
            ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN).putFloat(4, Float.NaN);
          }
          send(out);
          if (luck > 1 - trouble) {
            send(out);
          }
        }
      } catch (IOException e) {
        // Closed: the test is over.
        return;
      }
    }

    private void send(byte[] bytes) throws IOException {
      InetAddress local = InetAddress.getLoopbackAddress();
      state.send(new DatagramPacket(bytes, bytes.length, local, motorsPort));
    }

    /** Betaflight's mixer: back right, front right, back left, front left. */
    private byte[] motors(double[] in) {
      double[] x = new double[5];
      synchronized (channels) {
        for (int i = 0; i < 5; i++) {
          x[i] = (channels[i] - 1500) / 500.0;
        }
      }
      double[] wanted = {bent(x[0]), bent(x[1])};
      double w = in[7];
      double roll = 2 * Math.atan2(in[8], w);
      // Nose down is positive, as on the stick; the packet has the sign of y changed.
      double pitch = -2 * Math.atan2(in[9], w);
      double r = 0.08 * (wanted[0] - roll) - 0.02 * in[1];
      double p = 0.08 * (wanted[1] - pitch) + 0.02 * in[2];
      double y = 0.05 * (x[3] - in[3]);
      double throttle = 0.055 + 0.945 * (x[2] + 1) / 2;
      boolean armed = arms && x[4] > 0.5;
      double[] mixed = {
        throttle - r + p - y, throttle - r - p + y, throttle + r + p + y, throttle + r - p - y
      };
      ByteBuffer out = ByteBuffer.allocate(68).order(ByteOrder.LITTLE_ENDIAN);
      out.putShort(0, (short) 4);
      for (int i = 0; i < 4; i++) {
        out.putFloat(
            4 + 4 * i, armed ? (float) (1000 + 1000 * Math.clamp(mixed[i], 0.055, 1)) : 1000);
      }
      return out.array();
    }

    /** The angle that a stick asks for under the rates as delivered. */
    private static double bent(double stick) {
      double c = 70.0 / 670;
      return Math.PI / 3 * (c * stick + (1 - c) * stick * Math.abs(stick));
    }

    @Override
    public void close() {
      state.close();
      sticks.close();
    }
  }
}

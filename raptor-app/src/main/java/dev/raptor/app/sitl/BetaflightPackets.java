package dev.raptor.app.sitl;

import dev.raptor.core.Observation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The packets that Betaflight exchanges with a simulator over UDP when it is built for SITL, as C
 * structures in little-endian order:
 *
 * <pre>
 *   to 9003, 144 bytes, doubles:  time s | body rates rad/s (3) | specific force m/s² (3)
 *                                 | attitude w, x, y, z | velocity m/s (3) | longitude, latitude in
 *                                 degrees, altitude m | pressure Pa
 *   to 9004, 40 bytes:            time s, double | 16 channels of 1000 to 2000, 16 bits
 *   from 9001, 68 bytes:          number of motors, 16 bits | 2 unused
 *                                 | 16 pulses of 1000 to 2000, floats
 * </pre>
 *
 * <p>Rates and force are forward, right, down. The attitude turns forward, left, up into east,
 * north, up and has the signs of y and z changed; velocity is east, north, up. So it is where
 * Betaflight is built for Gazebo, which is what it is built for if nobody says otherwise.
 */
final class BetaflightPackets {
  static final int STATE_BYTES = 144;
  static final int STICKS_BYTES = 40;
  static final int MOTORS_BYTES = 68;
  private static final double METRES_A_DEGREE = 111_320;
  private static final double SEA_LEVEL_PA = 101_325;

  /** Of any place without mountains; near the equator a degree is as long either way. */
  private static final double LATITUDE = 0.1;

  private BetaflightPackets() {}

  /**
   * What is measured on board.
   *
   * @param observation of which rotation, velocity, body rates and position are taken
   * @param force the specific force, body frame, forward, left, up, m/s²
   */
  static byte[] state(double timeS, float[] observation, double[] force) {
    ByteBuffer out = ByteBuffer.allocate(STATE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putDouble(timeS);
    for (int i = 0; i < 3; i++) {
      out.putDouble((i == 0 ? 1 : -1) * observation[Observation.ANGULAR_VELOCITY + i]);
    }
    for (int i = 0; i < 3; i++) {
      out.putDouble((i == 0 ? 1 : -1) * force[i]);
    }
    double[] q = quaternion(observation);
    out.putDouble(q[0]).putDouble(q[1]).putDouble(-q[2]).putDouble(-q[3]);
    for (int i = 0; i < 3; i++) {
      out.putDouble(observation[Observation.VELOCITY + i]);
    }
    out.putDouble(observation[Observation.POSITION] / METRES_A_DEGREE);
    out.putDouble(LATITUDE + observation[Observation.POSITION + 1] / METRES_A_DEGREE);
    double altitude = observation[Observation.POSITION + 2];
    out.putDouble(altitude);
    out.putDouble(SEA_LEVEL_PA * Math.pow(1 - 2.25577e-5 * altitude, 5.25588));
    return out.array();
  }

  /**
   * What the pilot's transmitter says.
   *
   * @param channels roll, pitch, throttle, yaw and switches, 1000 to 2000; the rest is 1000
   */
  static byte[] sticks(double timeS, int... channels) {
    ByteBuffer out = ByteBuffer.allocate(STICKS_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putDouble(timeS);
    for (int i = 0; i < 16; i++) {
      out.putShort((short) (i < channels.length ? Math.clamp(channels[i], 1000, 2000) : 1000));
    }
    return out.array();
  }

  /**
   * Reads what the motors shall do.
   *
   * @param throttles receives 4 numbers of 0 to 1 in Betaflight's order; untouched otherwise
   * @return whether it was such a packet
   */
  static boolean motors(byte[] packet, int length, double[] throttles) {
    ByteBuffer in = ByteBuffer.wrap(packet, 0, length).order(ByteOrder.LITTLE_ENDIAN);
    if (length != MOTORS_BYTES || in.getShort(0) != throttles.length) {
      return false;
    }
    for (int i = 0; i < throttles.length; i++) {
      float pulse = in.getFloat(4 + 4 * i);
      if (!(pulse >= 0 && pulse <= 3000)) {
        return false;
      }
    }
    for (int i = 0; i < throttles.length; i++) {
      throttles[i] = Math.clamp((in.getFloat(4 + 4 * i) - 1000.0) / 1000, 0, 1);
    }
    return true;
  }

  /** The quaternion (w, x, y, z) of an observation's rotation matrix, w not negative. */
  static double[] quaternion(float[] observation) {
    double[] r = new double[9];
    for (int i = 0; i < 9; i++) {
      r[i] = observation[Observation.ROTATION + i];
    }
    // Of the four squares the largest, so that no difference of near numbers is divided by.
    double[] squares = {
      1 + r[0] + r[4] + r[8], 1 + r[0] - r[4] - r[8], 1 - r[0] + r[4] - r[8], 1 - r[0] - r[4] + r[8]
    };
    int largest = 0;
    for (int i = 1; i < 4; i++) {
      largest = squares[i] > squares[largest] ? i : largest;
    }
    double s = 2 * Math.sqrt(squares[largest]);
    double[] q =
        switch (largest) {
          case 0 -> new double[] {s / 4, (r[7] - r[5]) / s, (r[2] - r[6]) / s, (r[3] - r[1]) / s};
          case 1 -> new double[] {(r[7] - r[5]) / s, s / 4, (r[1] + r[3]) / s, (r[2] + r[6]) / s};
          case 2 -> new double[] {(r[2] - r[6]) / s, (r[1] + r[3]) / s, s / 4, (r[5] + r[7]) / s};
          default -> new double[] {(r[3] - r[1]) / s, (r[2] + r[6]) / s, (r[5] + r[7]) / s, s / 4};
        };
    double sign = q[0] < 0 ? -1 : 1;
    for (int i = 0; i < 4; i++) {
      q[i] *= sign;
    }
    return q;
  }
}

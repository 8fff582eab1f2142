package dev.raptor.app.fleet;

import dev.raptor.app.flight.Route;
import dev.raptor.core.Observation;
import dev.raptor.core.Policy;
import dev.raptor.core.PolicySession;
import dev.raptor.core.RandomStreams;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.Simulator;
import dev.raptor.sim.Task;
import dev.raptor.sim.vehicle.Quadrotor;
import dev.raptor.sim.vehicle.QuadrotorDistribution;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Many vehicles, no two of them alike, each flown by a session of its own, 100 times a second of
 * real time. One thread flies them all: a thousand wake-ups each 10 ms would cost more than the
 * steps do. Anybody may look on, at 20 frames a second, and whoever looks slowly misses frames.
 *
 * <p>A vehicle that leaves its task's limits starts anew. A step that ends after the next one was
 * due has missed its deadline; the vehicles' time then stands still for as long as it was late.
 */
public final class Fleet implements AutoCloseable {
  /** What a frame has of each vehicle, see {@link Frame}. */
  static final int BYTES_PER_VEHICLE = 8 * Short.BYTES;

  private static final long STEP_NANOS = Math.round(Simulator.STEP_S * 1e9);
  private static final int STEPS_PER_FRAME = 5;
  private static final int WARM_UP_STEPS = 1000;
  private static final double POKE_MS = 1.5;
  private static final double MEGA = 1e6;

  /**
   * The fleet at one moment: for each vehicle 8 whole numbers of 16 bits, low byte first: position
   * in mm (3), attitude (w, x, y, z) times 32767, and the distance to where it should be in mm.
   *
   * @param number counts up
   */
  record Frame(long number, byte[] vehicles) {}

  private final int size;
  private final long seed;
  private final Route route;
  private final List<Quadrotor> vehicles = new ArrayList<>();
  private final Environment environment;
  private final List<PolicySession> sessions = new ArrayList<>();
  private final int[] lives;
  private final float[] observations;
  private final float[] actions;
  private final float[] rewards;
  private final boolean[] terminated;
  private final float[] observation = new float[Observation.SIZE];
  private final float[] action = new float[Quadrotor.ROTORS];
  private final Thread thread;
  private volatile boolean closed;
  private volatile boolean poked;

  // Guarded by this, as the flying thread writes them and others read.
  private Frame frame;
  private long steps;
  private long missed;
  private long lost;
  private long totalNanos;
  private long worstNanos;
  private long worstWakeUpNanos;
  private long heapAtStart;

  /** A fleet on the ground. */
  public Fleet(int size, Policy policy, Route route, long seed) {
    this.size = size;
    this.seed = seed;
    this.route = route;
    environment = new Environment(size);
    lives = new int[size];
    observations = new float[Observation.SIZE * size];
    actions = new float[Quadrotor.ROTORS * size];
    rewards = new float[size];
    terminated = new boolean[size];
    for (SampledQuadrotor sampled : QuadrotorDistribution.sample(seed, size)) {
      int lane = vehicles.size();
      Quadrotor vehicle = sampled.quadrotor();
      vehicles.add(vehicle);
      environment.assign(lane, vehicle, Task.platform(vehicle).widened());
      sessions.add(policy.newSession());
      launch(lane);
    }
    thread = new Thread(this::fly, "fleet");
    thread.setDaemon(true);
  }

  /** Lets the compiler do its work, then takes off. */
  public void start() {
    for (int i = 0; i < WARM_UP_STEPS; i++) {
      step();
    }
    for (int lane = 0; lane < size; lane++) {
      launch(lane);
    }
    heapAtStart = heapAfterCollection();
    thread.start();
  }

  private void launch(int lane) {
    route.start(environment, lane, RandomStreams.of(seed, lane, lives[lane]++));
    sessions.get(lane).reset();
  }

  private void fly() {
    long due = System.nanoTime();
    while (!closed) {
      long start = System.nanoTime();
      int lostNow = step();
      long end = System.nanoTime();
      count(start - due, end - start, end > due + STEP_NANOS, lostNow);
      due = Math.max(due + STEP_NANOS, end);
      for (long left = due - end; left > 0 && !closed; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    }
  }

  /** One step of all; returns how many were lost in it. */
  private int step() {
    if (poked) {
      poked = false;
      poke();
    }
    environment.observe(ObservationKind.RELATIVE, observations);
    for (int lane = 0; lane < size; lane++) {
      for (int i = 0; i < observation.length; i++) {
        observation[i] = observations[i * size + lane];
      }
      sessions.get(lane).step(observation, action);
      for (int i = 0; i < action.length; i++) {
        actions[i * size + lane] = action[i];
      }
    }
    environment.step(actions, rewards, terminated);
    int lostNow = 0;
    for (int lane = 0; lane < size; lane++) {
      if (terminated[lane]) {
        launch(lane);
        lostNow++;
      }
    }
    return lostNow;
  }

  /** Pushes every vehicle sideways, each its own way. */
  private void poke() {
    float[] state = environment.simulator().state();
    for (int lane = 0; lane < size; lane++) {
      double way = lane * 2.4;
      state[Simulator.VX * size + lane] += (float) (POKE_MS * Math.cos(way));
      state[Simulator.VY * size + lane] += (float) (POKE_MS * Math.sin(way));
    }
  }

  private synchronized void count(long wakeUpNanos, long stepNanos, boolean late, int lostNow) {
    lost += lostNow;
    worstWakeUpNanos = Math.max(worstWakeUpNanos, wakeUpNanos);
    worstNanos = Math.max(worstNanos, stepNanos);
    totalNanos += stepNanos;
    missed += late ? 1 : 0;
    if (steps++ % STEPS_PER_FRAME == 0) {
      frame = new Frame(steps, snapshot());
      notifyAll();
    }
  }

  private byte[] snapshot() {
    float[] state = environment.simulator().state();
    float[] target = environment.reference();
    ByteBuffer out = ByteBuffer.allocate(BYTES_PER_VEHICLE * size).order(ByteOrder.LITTLE_ENDIAN);
    for (int lane = 0; lane < size; lane++) {
      double error = 0;
      for (int k = 0; k < 3; k++) {
        float at = state[(Simulator.PX + k) * size + lane];
        error = Math.hypot(error, at - target[k * size + lane]);
        out.putShort(clamped(1000 * at));
      }
      for (int k = 0; k < 4; k++) {
        out.putShort(clamped(Short.MAX_VALUE * state[(Simulator.QW + k) * size + lane]));
      }
      out.putShort(clamped(1000 * error));
    }
    return out.array();
  }

  private static short clamped(double value) {
    return (short) Math.clamp(Math.round(value), -Short.MAX_VALUE, Short.MAX_VALUE);
  }

  /** The vehicles, in the order of frames. */
  List<Quadrotor> vehicles() {
    return vehicles;
  }

  /**
   * Waits for a frame other than {@code seen}, which may be null; null once the fleet is closed.
   */
  synchronized Frame next(Frame seen) throws InterruptedException {
    while (!closed && frame == seen) {
      wait();
    }
    return closed ? null : frame;
  }

  /** Pushes every vehicle before its next step. */
  void pokeAll() {
    poked = true;
  }

  /** How it goes. */
  public synchronized Map<String, Object> metrics() {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("vehicles", size);
    metrics.put("steps", steps);
    metrics.put("missed_deadlines", missed);
    metrics.put("mean_step_ms", steps == 0 ? 0.0 : totalNanos / MEGA / steps);
    metrics.put("worst_step_ms", worstNanos / MEGA);
    metrics.put("worst_wake_up_ms", worstWakeUpNanos / MEGA);
    metrics.put("lost_vehicles", lost);
    metrics.put("heap_at_start_mb", heapAtStart / MEGA);
    metrics.put("heap_mb", heapInUse() / MEGA);
    return metrics;
  }

  /** As {@link #metrics}, after a collection of garbage: how much the heap has really grown. */
  public Map<String, Object> finalMetrics() {
    Map<String, Object> metrics = metrics();
    long heap = heapAfterCollection();
    metrics.put("heap_mb", heap / MEGA);
    metrics.put("heap_growth_mb", (heap - heapAtStart) / MEGA);
    return metrics;
  }

  private static long heapAfterCollection() {
    System.gc();
    return heapInUse();
  }

  private static long heapInUse() {
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** Lands, and ends what waits for frames. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    LockSupport.unpark(thread);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

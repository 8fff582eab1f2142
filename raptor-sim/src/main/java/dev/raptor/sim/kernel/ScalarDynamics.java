package dev.raptor.sim.kernel;

/** The dynamics in plain Java; {@link Dynamics} has the equations. */
public final class ScalarDynamics implements Dynamics {
  /** Creates the provider; it has no state. */
  public ScalarDynamics() {}

  @Override
  public boolean isFinite(float[] numbers) {
    return isFinite(numbers, 0);
  }

  /** As {@link #isFinite(float[])}, from number {@code from} on. */
  public static boolean isFinite(float[] numbers, int from) {
    for (int i = from; i < numbers.length; i++) {
      if (!(Math.abs(numbers[i]) <= Float.MAX_VALUE)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void step(Vehicles vehicles, float[] s, float[] action) {
    step(vehicles, 0, s, action);
  }

  /** As the method of the interface, from lane {@code from} on. */
  public static void step(Vehicles vehicles, int from, float[] s, float[] action) {
    int lanes = vehicles.lanes();
    for (int first = from, count; first < lanes; first += count) {
      count = Math.min(TILE - first % TILE, lanes - first);
      step(vehicles, count, first, s, action);
    }
  }

  @Override
  public void advance(
      Vehicles vehicles, Episodes e, float[] s, float[] action, float[] reward, boolean[] over) {
    advance(vehicles, e, 0, s, action, reward, over);
  }

  /** As the method of the interface, from lane {@code from} on. */
  public static void advance(
      Vehicles vehicles,
      Episodes e,
      int from,
      float[] s,
      float[] action,
      float[] reward,
      boolean[] over) {
    int lanes = vehicles.lanes();
    for (int first = from, count; first < lanes; first += count) {
      count = Math.min(TILE - first % TILE, lanes - first);
      ScalarEpisodes.rewards(lanes, count, first, e, s, action, reward);
      step(vehicles, count, first, s, action);
      ScalarEpisodes.terminations(lanes, count, first, e, s, reward, over);
      if (e.moving()[first / TILE] > 0) {
        ScalarEpisodes.references(lanes, count, first, e);
      }
    }
  }

  private static void step(Vehicles vehicles, int count, int first, float[] s, float[] action) {
    int lanes = vehicles.lanes();
    float[] c = vehicles.constants();
    float[] d = vehicles.disturbance();
    float[] x = vehicles.scratch();
    int constants = Vehicles.at(first);
    ScalarStages.run(lanes, count, c, constants, d, first, s, first, action, first, x);
    ScalarStages.restrain(lanes, count, s, first, x);
  }

  @Override
  public void rotations(int lanes, float[] s, float[] out, int to) {
    ScalarEpisodes.rotations(lanes, 0, s, out, to);
  }

  @Override
  public void stepAdjoint(
      Vehicles vehicles,
      float[] s,
      int stateOffset,
      float[] action,
      int actionOffset,
      float[] after,
      float[] before,
      float[] actionGradient) {
    stepAdjoint(vehicles, 0, s, stateOffset, action, actionOffset, after, before, actionGradient);
  }

  /** As the method of the interface, from lane {@code from} on. */
  public static void stepAdjoint(
      Vehicles vehicles,
      int from,
      float[] s,
      int stateOffset,
      float[] action,
      int actionOffset,
      float[] after,
      float[] before,
      float[] actionGradient) {
    int lanes = vehicles.lanes();
    float[] c = vehicles.constants();
    float[] d = vehicles.disturbance();
    float[] x = vehicles.scratch();
    for (int first = from, count; first < lanes; first += count) {
      count = Math.min(TILE - first % TILE, lanes - first);
      int constants = Vehicles.at(first);
      int a = actionOffset + first;
      ScalarStages.run(lanes, count, c, constants, d, first, s, stateOffset + first, action, a, x);
      ScalarAdjoint.run(
          lanes, count, c, constants, action, a, after, before, first, actionGradient, x);
    }
  }
}

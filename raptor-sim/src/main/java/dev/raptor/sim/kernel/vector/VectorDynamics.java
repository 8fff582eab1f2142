package dev.raptor.sim.kernel.vector;

import static dev.raptor.sim.kernel.vector.Width.SPECIES;
import static dev.raptor.sim.kernel.vector.Width.V;

import dev.raptor.sim.kernel.Dynamics;
import dev.raptor.sim.kernel.Episodes;
import dev.raptor.sim.kernel.ScalarDynamics;
import dev.raptor.sim.kernel.ScalarEpisodes;
import dev.raptor.sim.kernel.Vehicles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The dynamics on the Vector API, bit for bit those of {@link ScalarDynamics}: the same methods
 * with the same operations in the same order, on as many vehicles at once as a vector is wide.
 * Lanes beyond the last full vector are left to the scalar twin.
 *
 * <p>Every method exchanges arrays: the compiler keeps vectors in registers only within one
 * compiled method, and a vector that crosses a call that is not inlined is boxed.
 */
public final class VectorDynamics implements Dynamics {
  /**
   * Creates the provider. It has no fields: all threads would read them, beside whatever the
   * collector puts into the same cache line, and wait whenever another thread writes that.
   */
  public VectorDynamics() {}

  @Override
  public boolean isFinite(float[] numbers) {
    int i = 0;
    for (; i + V <= numbers.length; i += V) {
      FloatVector x = FloatVector.fromArray(SPECIES, numbers, i);
      if (!x.abs().compare(VectorOperators.LE, Float.MAX_VALUE).allTrue()) {
        return false;
      }
    }
    return ScalarDynamics.isFinite(numbers, i);
  }

  @Override
  public void step(Vehicles vehicles, float[] s, float[] action) {
    int end = vehicles.lanes() - vehicles.lanes() % V;
    for (int first = 0; first < end; first += TILE) {
      step(vehicles, Math.min(TILE, end - first), first, s, action);
    }
    ScalarDynamics.step(vehicles, end, s, action);
  }

  @Override
  public void advance(
      Vehicles vehicles, Episodes e, float[] s, float[] action, float[] reward, boolean[] over) {
    int lanes = vehicles.lanes();
    int end = lanes - lanes % V;
    for (int first = 0; first < end; first += TILE) {
      int count = Math.min(TILE, end - first);
      VectorEpisodes.rewards(lanes, count, first, e, s, action, reward);
      step(vehicles, count, first, s, action);
      VectorEpisodes.terminations(lanes, count, first, e, s, reward, over);
      if (e.moving()[first / TILE] > 0) {
        VectorEpisodes.references(lanes, count, first, e);
      }
    }
    ScalarDynamics.advance(vehicles, e, end, s, action, reward, over);
  }

  private static void step(Vehicles vehicles, int count, int first, float[] s, float[] action) {
    int lanes = vehicles.lanes();
    float[] c = vehicles.constants();
    float[] d = vehicles.disturbance();
    float[] x = vehicles.scratch();
    int constants = Vehicles.at(first);
    VectorStages.run(lanes, count, c, constants, d, first, s, first, action, first, x);
    VectorStages.restrain(lanes, count, s, first, x);
  }

  @Override
  public void rotations(int lanes, float[] s, float[] out, int to) {
    int end = VectorEpisodes.rotations(lanes, s, out, to);
    ScalarEpisodes.rotations(lanes, end, s, out, to);
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
    int lanes = vehicles.lanes();
    int end = lanes - lanes % V;
    float[] c = vehicles.constants();
    float[] d = vehicles.disturbance();
    float[] x = vehicles.scratch();
    for (int first = 0; first < end; first += TILE) {
      int count = Math.min(TILE, end - first);
      int constants = Vehicles.at(first);
      int a = actionOffset + first;
      VectorStages.run(lanes, count, c, constants, d, first, s, stateOffset + first, action, a, x);
      VectorAdjoint.run(
          lanes, count, c, constants, action, a, after, before, first, actionGradient, x);
    }
    ScalarDynamics.stepAdjoint(
        vehicles, end, s, stateOffset, action, actionOffset, after, before, actionGradient);
  }
}

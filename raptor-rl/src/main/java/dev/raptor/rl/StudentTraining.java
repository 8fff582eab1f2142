package dev.raptor.rl;

import dev.raptor.core.RecurrentPolicy;
import dev.raptor.core.network.Adam;
import java.util.Map;

/**
 * A phase in which a student learns, epoch by epoch. Everything that an epoch begins with is in
 * {@link #state}, the optimiser's count of updates and the number of epochs done: what restores
 * these goes on to the same bits.
 */
public sealed interface StudentTraining permits Distillation, Refinement {
  /**
   * What an epoch did.
   *
   * @param epoch from 1
   * @param loss mean over its steps of what the phase descends
   * @param terminatedShare of the episodes that ended in this epoch
   * @param learningRate of its last update
   */
  record Progress(int epoch, double loss, double terminatedShare, double learningRate) {}

  /** Flies and learns for one epoch. */
  Progress runEpoch();

  /** The epochs that are done. */
  int epoch();

  /** The student's parameters, live. */
  float[] parameters();

  /** The optimiser, live. */
  Adam adam();

  /** Parameters, moments of the optimiser and whatever else an epoch begins with, live. */
  Map<String, float[]> state();

  /**
   * Goes on after {@code epochs} epochs; {@link #state} and {@link #adam} are restored in place.
   */
  void restore(int epochs);

  /** The student of these parameters. */
  RecurrentPolicy student(float[] parameters, Map<String, Object> provenance);
}

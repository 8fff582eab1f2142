package dev.raptor.rl.student;

import dev.raptor.core.network.Adam;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.network.UnrolledNetwork;
import dev.raptor.core.policy.RecurrentPolicy;
import dev.raptor.rl.optim.LearningRate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A phase in which a student learns, epoch by epoch. Everything that an epoch begins with is in
 * {@link #state}, the optimiser's count of updates and the number of epochs done: what restores
 * these goes on to the same bits.
 *
 * <p>The student flies in tiles of lanes, each on a thread of its own; their gradients are summed
 * in their order, so that the threads do not matter.
 */
public abstract sealed class StudentTraining permits Distillation, PolicyGradientRefinement {
  /**
   * What an epoch did.
   *
   * @param epoch from 1
   * @param loss mean over its steps of what the phase descends
   * @param terminatedShare of its episodes
   * @param learningRate of its last update
   */
  public record Progress(int epoch, double loss, double terminatedShare, double learningRate) {}

  final RecurrentNetwork network;
  final float[] parameters;
  private final Adam adam;
  private final float maxGradientNorm;
  private final int updatesPerEpoch;
  private final LearningRate learningRate;
  private final float[] gradient;
  private int epoch;

  /** Learns from {@code parameters} on, which are not copied. */
  StudentTraining(
      RecurrentNetwork network,
      float[] parameters,
      float adamEpsilon,
      float maxGradientNorm,
      int updatesPerEpoch,
      LearningRate learningRate) {
    this.network = network;
    this.parameters = parameters;
    this.maxGradientNorm = maxGradientNorm;
    this.updatesPerEpoch = updatesPerEpoch;
    this.learningRate = learningRate;
    adam = new Adam(parameters.length, adamEpsilon);
    gradient = new float[parameters.length];
  }

  /** The blocks of lanes, always the same. */
  abstract List<? extends Tile> tiles();

  /** Flies and learns for one epoch. */
  public final Progress runEpoch() {
    List<? extends Tile> tiles = tiles();
    for (Tile tile : tiles) {
      tile.beginEpoch();
    }
    double rate = 0;
    for (int i = 0; i < updatesPerEpoch; i++) {
      for (Tile tile : tiles) {
        tile.renew();
      }
      IntStream.range(0, tiles.size()).parallel().forEach(t -> tiles.get(t).learn());
      Arrays.fill(gradient, 0);
      for (Tile tile : tiles) {
        for (int p = 0; p < gradient.length; p++) {
          gradient[p] += tile.gradient[p];
        }
      }
      rate = learningRate.at(epoch * updatesPerEpoch + i);
      Adam.clip(gradient, maxGradientNorm);
      adam.update(parameters, gradient, (float) rate);
    }
    epoch++;
    double loss = 0;
    double terms = 0;
    long episodes = 0;
    long lost = 0;
    for (Tile tile : tiles) {
      loss += tile.loss;
      terms += (double) updatesPerEpoch * tile.terms;
      episodes += tile.episodes;
      lost += tile.lost;
    }
    return new Progress(epoch, loss / terms, (double) lost / episodes, rate);
  }

  /** The epochs that are done. */
  public final int epoch() {
    return epoch;
  }

  /** The student's parameters, live. */
  public final float[] parameters() {
    return parameters;
  }

  /** The optimiser, live. */
  public final Adam adam() {
    return adam;
  }

  /** Parameters, moments of the optimiser and whatever else an epoch begins with, live. */
  public Map<String, float[]> state() {
    return Map.of(
        "parameters", parameters, "adam.m", adam.moments()[0], "adam.v", adam.moments()[1]);
  }

  /**
   * Goes on after {@code epochs} epochs; {@link #state} and {@link #adam} are restored in place.
   */
  public final void restore(int epochs) {
    epoch = epochs;
  }

  /** The student of these parameters. */
  public final RecurrentPolicy student(float[] weights, Map<String, Object> provenance) {
    return new RecurrentPolicy(network, weights, provenance);
  }

  /** Lanes that one thread flies and differentiates. */
  abstract class Tile {
    final int steps;
    final int lanes;
    final UnrolledNetwork unrolled;
    final float[] gradient = new float[parameters.length];

    /** How many numbers an update adds to {@link #loss}. */
    private final int terms;

    /** Sum of what is descended, over the epoch. */
    double loss;

    long episodes;
    long lost;

    /**
     * A tile.
     *
     * @param unrolled for the steps of an update
     * @param terms numbers that each step of each lane adds to the loss
     */
    Tile(UnrolledNetwork unrolled, int terms) {
      this.unrolled = unrolled;
      steps = unrolled.steps();
      lanes = unrolled.lanes();
      this.terms = terms * steps * lanes;
    }

    private void beginEpoch() {
      loss = 0;
      episodes = 0;
      lost = 0;
      begin();
    }

    final void learn() {
      Arrays.fill(gradient, 0);
      flyAndDifferentiate();
    }

    /** Begins an epoch; on the calling thread, tile after tile. */
    abstract void begin();

    /** Prepares an update; on the calling thread, tile after tile. */
    abstract void renew();

    /** Flies and adds to {@link #gradient}, {@link #loss}, {@link #episodes} and {@link #lost}. */
    abstract void flyAndDifferentiate();
  }
}

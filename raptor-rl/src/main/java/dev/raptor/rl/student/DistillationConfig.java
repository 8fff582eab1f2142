package dev.raptor.rl.student;

import dev.raptor.core.InvalidInputException;

/**
 * Hyper-parameters of meta-imitation (raptor paper, methods).
 *
 * @param hidden units of the student, 16 in the paper
 * @param epochs each of {@code updatesPerEpoch} updates; a checkpoint follows each
 * @param updatesPerEpoch updates between checkpoints
 * @param forcedEpochs epochs at the start in which the teachers fly and the student only watches
 * @param chunk steps of truncated backpropagation through time; one update each
 * @param tiles blocks of lanes that learn together, each on a thread of its own
 * @param groups of a tile; each flies one quadrotor under its teacher
 * @param groupLanes copies of that quadrotor, side by side. Few lanes of many groups show an update
 *     more quadrotors than many of few, which counts for more than what they cost
 * @param learningRate at the start; falls to 0 as a half cosine
 * @param maxGradientNorm bound of the gradient
 * @param langevinShare of the episodes, which follow a Langevin reference; the others hover
 * @param hardShare of the groups whose quadrotor is drawn by how often it was lost, not evenly
 */
public record DistillationConfig(
    int hidden,
    int epochs,
    int updatesPerEpoch,
    int forcedEpochs,
    int chunk,
    int tiles,
    int groups,
    int groupLanes,
    float learningRate,
    float maxGradientNorm,
    float langevinShare,
    float hardShare) {
  /** Checks the sizes. */
  public DistillationConfig {
    for (int size : new int[] {hidden, epochs, updatesPerEpoch, chunk, tiles, groups, groupLanes}) {
      if (size < 1) {
        throw new InvalidInputException(
            "a size of %d, allowed: 1 or more for hidden, epochs, updatesPerEpoch, chunk, tiles, groups and groupLanes"
                .formatted(size));
      }
    }
  }

  /** These hyper-parameters with another number of hidden units. */
  public DistillationConfig withHidden(int units) {
    return new DistillationConfig(
        units,
        epochs,
        updatesPerEpoch,
        forcedEpochs,
        chunk,
        tiles,
        groups,
        groupLanes,
        learningRate,
        maxGradientNorm,
        langevinShare,
        hardShare);
  }

  /** These hyper-parameters with another number of updates in each epoch. */
  public DistillationConfig withUpdatesPerEpoch(int updates) {
    return new DistillationConfig(
        hidden,
        epochs,
        updates,
        forcedEpochs,
        chunk,
        tiles,
        groups,
        groupLanes,
        learningRate,
        maxGradientNorm,
        langevinShare,
        hardShare);
  }

  /** These hyper-parameters with another number of epochs, of which one is forced at the least. */
  public DistillationConfig withEpochs(int number) {
    return new DistillationConfig(
        hidden,
        number,
        updatesPerEpoch,
        Math.max(1, forcedEpochs * number / epochs),
        chunk,
        tiles,
        groups,
        groupLanes,
        learningRate,
        maxGradientNorm,
        langevinShare,
        hardShare);
  }

  /** Environment steps in all. */
  public long totalSteps() {
    return (long) epochs * updatesPerEpoch * chunk * tiles * groups * groupLanes;
  }
}

package dev.raptor.core.fixed;

import dev.raptor.core.PolicyBatch;
import dev.raptor.core.kernel.IntegerKernels;
import dev.raptor.core.kernel.IntegerLayer;

/**
 * Many vehicles under a {@link FixedPolicy}, panel by panel, so that all that a panel needs stays
 * in the cache. States are kept in panels, {@code [panels][hidden][panel]}.
 */
final class FixedBatch implements PolicyBatch {
  private final FixedPolicy policy;
  private final int lanes;
  private final int inputs;
  private final int hidden;
  private final int outputs;
  private final IntegerKernels kernels;
  private final int panel;
  private final IntegerLayer encoder;
  private final IntegerLayer inputLayer;
  private final IntegerLayer stateLayer;
  private final IntegerLayer decoder;
  private final int[] words;
  private final int[] features;
  private final int[] inputGates;
  private final int[] stateGates;
  private final int[] result;
  private final int[] state;
  private final int[] seen;

  FixedBatch(FixedPolicy policy, int lanes) {
    this(policy, lanes, IntegerKernels.active());
  }

  FixedBatch(FixedPolicy policy, int lanes, IntegerKernels kernels) {
    PolicyBatch.requireLanes(lanes);
    this.policy = policy;
    this.lanes = lanes;
    this.kernels = kernels;
    inputs = policy.network().inputs();
    hidden = policy.network().hidden();
    outputs = policy.network().outputs();
    panel = kernels.panel();
    words = new int[inputs * panel];
    encoder = policy.packed(0);
    inputLayer = policy.packed(1);
    stateLayer = policy.packed(2);
    decoder = policy.packed(3);
    features = outputs(encoder);
    inputGates = outputs(inputLayer);
    stateGates = outputs(stateLayer);
    result = outputs(decoder);
    state = new int[(lanes + panel - 1) / panel * panel * hidden];
    // With all 16 bits the matrices see the state itself.
    seen = policy.format().stateShift() == 0 ? state : new int[state.length];
  }

  private int[] outputs(IntegerLayer layer) {
    return new int[layer.panelGroups() * IntegerLayer.PANEL_ROWS * panel];
  }

  @Override
  public int lanes() {
    return lanes;
  }

  /** Where a unit of a vehicle stands among the states. */
  private int at(int unit, int lane) {
    return (lane / panel * hidden + unit) * panel + lane % panel;
  }

  @Override
  public void reset(int lane) {
    PolicyBatch.requireLane(lane, lanes);
    for (int i = 0; i < hidden; i++) {
      state[at(i, lane)] = 0;
      seen[at(i, lane)] = 0;
    }
  }

  @Override
  public void step(float[] observations, float[] actions) {
    if (observations.length != inputs * lanes || actions.length != outputs * lanes) {
      throw new IllegalArgumentException(
          "observations of %d numbers and actions of %d, allowed are %d and %d"
              .formatted(observations.length, actions.length, inputs * lanes, outputs * lanes));
    }
    FixedFormat format = policy.format();
    for (int lane = 0; lane < lanes; lane += panel) {
      int n = Math.min(panel, lanes - lane);
      int at = at(0, lane);
      kernels.wordRows(inputs, n, observations, lane, lanes, policy.observationScales(), words);
      kernels.densePanel(encoder, words, 0, features);
      kernels.densePanel(inputLayer, features, 0, inputGates);
      kernels.densePanel(stateLayer, seen, at, stateGates);
      kernels.gruGates(hidden * panel, inputGates, stateGates, 0, policy.packedTable(), state, at);
      if (seen != state) {
        kernels.requantise(
            hidden * panel, format.stateShift(), format.stateLimit(), state, at, seen, at);
      }
      kernels.densePanel(decoder, seen, at, result);
      kernels.floatRows(outputs, n, result, policy.actionScale(), actions, lane, lanes);
    }
  }

  @Override
  public void readMemory(int lane, float[] memory) {
    PolicyBatch.requireLane(lane, lanes);
    PolicyBatch.requireMemory(memory, hidden);
    for (int i = 0; i < hidden; i++) {
      memory[i] = state[at(i, lane)] * 0x1p-15f;
    }
  }
}

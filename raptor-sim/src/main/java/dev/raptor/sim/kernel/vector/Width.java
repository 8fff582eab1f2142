package dev.raptor.sim.kernel.vector;

import dev.raptor.sim.kernel.Dynamics;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The number of vehicles that are worked on at once: what the processor prefers, but never over a
 * tile.
 */
final class Width {
  static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() > Dynamics.TILE
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class).check(int.class);
  static final int V = SPECIES.length();

  private Width() {}
}

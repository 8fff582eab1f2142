package dev.raptor.app;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.raptor.core.RandomStreams;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.policy.PolicyFile;
import dev.raptor.core.policy.RecurrentPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Policies to run commands with. */
public final class TestPolicies {
  private TestPolicies() {}

  /** Untrained: it falls from the sky. */
  public static RecurrentPolicy random() {
    RecurrentNetwork network = RecurrentNetwork.RAPTOR;
    return new RecurrentPolicy(network, network.initialise(RandomStreams.of(1)), Map.of());
  }

  public static Path saveRandom(Path folder) throws IOException {
    Path file = folder.resolve("random.safetensors");
    PolicyFile.write(random(), file);
    return file;
  }

  /** The checkpoint of the reference implementation; the test is skipped where it is absent. */
  public static Path releasedCheckpoint() {
    Path file = Path.of("../../shared/reference/released-policy/checkpoint.h5");
    assumeThat(file)
        .as("the released checkpoint lies beside the project")
        .matches(Files::isRegularFile, "is there");
    return file;
  }
}

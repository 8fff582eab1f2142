package dev.raptor.examples;

import dev.raptor.core.Policies;
import dev.raptor.core.RecurrentPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Turns a checkpoint of the reference implementation into a policy file. */
@Command(
    name = "import",
    description = "Read a checkpoint of the reference implementation, write a policy file.")
final class ImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE.h5", description = "The checkpoint, HDF5.")
  private Path checkpoint;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The policy file.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    FileArgument.output(out);
    Hdf5Checkpoint read = Hdf5Checkpoint.read(checkpoint);
    RecurrentPolicy policy = read.policy();
    double difference = read.example().meanDifference(policy);
    Policies.save(policy, read.example(), out);
    spec.commandLine()
        .getOut()
        .printf(
            "%s: %d parameters; %d x %d steps of example replayed, mean difference %.2g%nwrote %s%n",
            read.name(),
            read.parameters().length,
            read.example().sequences(),
            read.example().steps(),
            difference,
            out);
    return 0;
  }
}

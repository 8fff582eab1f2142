package dev.raptor.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code raptor import}: turns a checkpoint of the reference implementation into a policy file. */
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
    Hdf5Checkpoint read = Hdf5Checkpoint.read(checkpoint);
    spec.commandLine()
        .getOut()
        .printf(
            "%s: %d x %d examples%n", read.name(), read.exampleSequences(), read.exampleSteps());
    return 0;
  }
}

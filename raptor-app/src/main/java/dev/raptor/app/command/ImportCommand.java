package dev.raptor.app.command;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.PolicyExample;
import dev.raptor.core.interop.OnnxModel;
import dev.raptor.core.interop.RlToolsArchive;
import dev.raptor.core.io.TarArchive;
import dev.raptor.core.policy.PolicyFile;
import dev.raptor.core.policy.RecurrentPolicy;
import dev.raptor.sim.ErrorClipAnalysis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code raptor import}: turns a checkpoint of the reference implementation, or an exported policy,
 * into a policy file.
 */
@Command(name = "import", description = "Read a policy in another format, write a policy file.")
public final class ImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "HDF5, the tar archive that PX4 reads, or a model in ONNX that export wrote.")
  private Path checkpoint;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The policy file.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    FileArgument.output(out);
    byte[] bytes = Files.readAllBytes(FileArgument.input(checkpoint));
    if (TarArchive.isOne(bytes)) {
      RlToolsArchive read = RlToolsArchive.parse(bytes, checkpoint.toString());
      save(ErrorClipAnalysis.withErrorClip(read.policy()), read.example(), read.name());
    } else if (OnnxModel.isOne(bytes)) {
      RecurrentPolicy policy =
          ErrorClipAnalysis.withErrorClip(OnnxModel.parse(bytes, checkpoint.toString()));
      PolicyFile.write(policy, out);
      spec.commandLine()
          .getOut()
          .printf("%s: %d parameters%nwrote %s%n", checkpoint, policy.parameters().length, out);
    } else {
      Hdf5Checkpoint read = Hdf5Checkpoint.read(checkpoint);
      save(read.policy(), read.example(), read.name());
    }
    return 0;
  }

  private void save(RecurrentPolicy policy, PolicyExample example, String name) throws IOException {
    double difference = example.meanDifference(policy);
    if (!(difference < PolicyExample.TOLERANCE)) {
      throw new InvalidInputException(
          "%s: its examples replay with a mean difference of %s, allowed is below %s"
              .formatted(checkpoint, difference, PolicyExample.TOLERANCE));
    }
    PolicyFile.write(policy, example, out);
    spec.commandLine()
        .getOut()
        .printf(
            "%s: %d parameters; %d x %d steps of example replayed, mean difference %.2g%nwrote %s%n",
            name,
            policy.parameters().length,
            example.sequences(),
            example.steps(),
            difference,
            out);
  }
}

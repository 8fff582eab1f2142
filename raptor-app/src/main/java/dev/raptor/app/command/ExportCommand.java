package dev.raptor.app.command;

import dev.raptor.core.Policy;
import dev.raptor.core.fixed.CHeader;
import dev.raptor.core.fixed.FixedFormat;
import dev.raptor.core.fixed.FixedPolicy;
import dev.raptor.core.flight.ErrorClip;
import dev.raptor.core.interop.OnnxModel;
import dev.raptor.core.interop.RlToolsArchive;
import dev.raptor.core.io.AtomicFile;
import dev.raptor.core.policy.PolicyFile;
import dev.raptor.core.policy.RecurrentPolicy;
import dev.raptor.rl.quantise.Calibration;
import dev.raptor.sim.ErrorClipAnalysis;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.zip.CRC32;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code raptor export}: a policy for use outside of the JVM. */
@Command(name = "export", description = "Write a policy for use outside of the JVM.")
public final class ExportCommand implements Callable<Integer> {
  private static final String SAFETENSORS = "safetensors";
  private static final String C_HEADER = "c-header";
  private static final String PX4 = "px4";
  private static final String ONNX = "onnx";
  private static final List<String> FORMATS = List.of(SAFETENSORS, C_HEADER, ONNX, PX4);

  @Spec private CommandSpec spec;

  @Mixin private PolicyOption policyOption;

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      description =
          "safetensors, onnx, px4 or c-header. For PX4 it is the archive that its module mc_raptor reads"
              + " from raptor/policy.tar on the memory card. A C header holds the policy in integers: what quantize wrote,"
              + " or a float policy brought to 16x8 on the way.")
  private String format;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The file to write.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    if (!FORMATS.contains(format)) {
      throw new ParameterException(
          spec.commandLine(),
          "--format is '%s', allowed: %s".formatted(format, String.join(", ", FORMATS)));
    }
    FileArgument.output(out);
    PrintWriter text = spec.commandLine().getOut();
    if (format.equals(SAFETENSORS)) {
      RecurrentPolicy policy = policyOption.loadFloat();
      if (ErrorClip.of(policy).isEmpty()) {
        policy = ErrorClipAnalysis.withErrorClip(policy);
      }
      PolicyFile.write(policy, out);
      text.printf("%s: %d parameters%n", policyOption.name(), policy.parameters().length);
    } else if (format.equals(ONNX)) {
      RecurrentPolicy policy = policyOption.loadFloat();
      AtomicFile.write(out, OnnxModel.of(policy));
      text.printf(
          "%s: observation [vehicles][%d] and state [1][vehicles][%d] to action [vehicles][%d] and"
              + " next [1][vehicles][%3$d]%n",
          policyOption.name(), policy.observationSize(), policy.stateSize(), policy.actionSize());
    } else if (format.equals(PX4)) {
      RecurrentPolicy policy = policyOption.loadFloat();
      RlToolsArchive archive = RlToolsArchive.of(policy, nameOnPx4(policy));
      AtomicFile.write(out, archive.toBytes());
      text.printf("%s: PX4 will call it '%s'%n", policyOption.name(), archive.name());
    } else {
      FixedPolicy fixed = fixed(policyOption.load());
      AtomicFile.write(out, CHeader.of(fixed).getBytes(StandardCharsets.US_ASCII));
      text.printf(
          "%s in %s: flash %d bytes, memory %d bytes a vehicle%n",
          policyOption.name(), fixed.format(), fixed.flashBytes(), fixed.ramBytes());
    }
    text.println("wrote " + out);
    text.flush();
    return 0;
  }

  /** The name that the policy came with, or its file's with a checksum of its parameters. */
  private String nameOnPx4(RecurrentPolicy policy) {
    if (policy.provenance().get("checkpoint") instanceof String name) {
      return name;
    }
    CRC32 crc = new CRC32();
    for (float parameter : policy.parameters()) {
      crc.update(ByteBuffer.allocate(Float.BYTES).putFloat(0, parameter));
    }
    String name = policyOption.name().replaceAll("[^ -~]", "_");
    return "%.80s %08x".formatted(name, crc.getValue());
  }

  private static FixedPolicy fixed(Policy policy) {
    return policy instanceof FixedPolicy fixed
        ? fixed
        : Calibration.quantise(
            (RecurrentPolicy) policy, FixedFormat.W8A16, Calibration.QUADROTORS, 0);
  }
}

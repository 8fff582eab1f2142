package dev.raptor.app.command;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.Policy;
import dev.raptor.core.fixed.FixedPolicy;
import dev.raptor.core.flight.ErrorClip;
import dev.raptor.core.interop.CHeader;
import dev.raptor.core.interop.OnnxModel;
import dev.raptor.core.interop.RlToolsArchive;
import dev.raptor.core.io.AtomicFile;
import dev.raptor.core.policy.PolicyFile;
import dev.raptor.core.policy.RecurrentPolicy;
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

  /** How large an error PX4's module shows a policy, m and m/s; the numbers stand in its source. */
  private static final double PX4_POSITION_CLIP = 0.5;

  private static final double PX4_VELOCITY_CLIP = 1;

  @Spec private CommandSpec spec;

  @Mixin private PolicyOption policyOption;

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      description =
          "safetensors, onnx, px4 or c-header. For PX4 it is the archive that its module mc_raptor reads"
              + " from raptor/policy.tar on the memory card. A C header computes in what the policy is in: floats, or"
              + " integers if quantize wrote it.")
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
      ErrorClip.of(policy)
          .filter(
              clip -> clip.velocityMS() > PX4_VELOCITY_CLIP || clip.positionM() < PX4_POSITION_CLIP)
          .ifPresent(
              clip ->
                  text.printf(
                      "take care: made to be shown errors up to %s m and %s m/s, PX4 shows it %s m and"
                          + " %s m/s; keep targets near and slow%n",
                      clip.positionM(), clip.velocityMS(), PX4_POSITION_CLIP, PX4_VELOCITY_CLIP));
    } else {
      AtomicFile.write(out, header(text).getBytes(StandardCharsets.US_ASCII));
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

  private String header(PrintWriter text) throws IOException {
    Policy policy = policyOption.load();
    ErrorClip clip =
        ErrorClip.of(policy)
            .or(() -> ErrorClipAnalysis.measure(policy))
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        policyOption.name()
                            + ": flies to no far target, whatever errors it is shown; allowed: a"
                            + " policy that does"));
    if (policy instanceof FixedPolicy fixed) {
      text.printf(
          "%s in %s: flash %d bytes, memory %d bytes a vehicle%n",
          policyOption.name(), fixed.format(), fixed.flashBytes(), fixed.ramBytes());
      return CHeader.of(fixed, clip);
    }
    RecurrentPolicy floats = (RecurrentPolicy) policy;
    text.printf("%s in floats: %d parameters%n", policyOption.name(), floats.parameters().length);
    return CHeader.of(floats, clip);
  }
}

package dev.raptor.core;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;

/** The bundled policies, and policies from files of any {@link PolicyFormat}. */
public final class Policies {
  private Policies() {}

  /** The policy that comes in the jar, trained by this project: the one to fly with. */
  public static Policy pretrained() {
    return Pretrained.POLICY;
  }

  /**
   * Another that comes in the jar: the paper's method and nothing else, teachers by reinforcement
   * learning and a student that imitates them. It is to compare with.
   */
  public static Policy imitated() {
    return Imitated.POLICY;
  }

  /**
   * Reads a policy file of any format, and replays its examples.
   *
   * @throws IOException if the file cannot be read
   * @throws InvalidInputException if it is a folder or damaged, has a wrong shape, or its examples
   *     do not replay; the message says which
   */
  public static Policy load(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new InvalidInputException(path + ": a folder, allowed: the file of a policy");
    }
    return read(Files.readAllBytes(path), path.toString());
  }

  private static Policy read(byte[] bytes, String name) {
    for (PolicyFormat format : Formats.ALL) {
      if (format.recognises(bytes)) {
        return format.read(bytes, name);
      }
    }
    throw new InvalidInputException(
        "%s: the file of no policy, allowed: %s"
            .formatted(
                name, String.join(", ", Formats.ALL.stream().map(PolicyFormat::name).toList())));
  }

  /** All formats of this module and of those beside it, found once. */
  private static final class Formats {
    static final List<PolicyFormat> ALL =
        ServiceLoader.load(PolicyFormat.class, PolicyFormat.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
  }

  private static Policy bundled(String name) {
    try (InputStream stream = Policies.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("the jar holds no " + name);
      }
      return read(stream.readAllBytes(), name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Loads that policy once, when it is first asked for. */
  private static final class Pretrained {
    static final Policy POLICY = bundled("pretrained.safetensors");
  }

  /** The same of the other. */
  private static final class Imitated {
    static final Policy POLICY = bundled("imitated.safetensors");
  }
}

package dev.raptor.core;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;

/** The bundled policy, and policies from files of any {@link PolicyFormat}. */
public final class Policies {
  private static final String PRETRAINED = "pretrained.safetensors";

  private Policies() {}

  /** The policy that comes in the jar, trained by this project. */
  public static Policy pretrained() {
    return Pretrained.POLICY;
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

  /** Loads the bundled policy once, when it is first asked for. */
  private static final class Pretrained {
    static final Policy POLICY = load();

    private static Policy load() {
      try (InputStream stream = Policies.class.getResourceAsStream(PRETRAINED)) {
        if (stream == null) {
          throw new IllegalStateException("the jar holds no " + PRETRAINED);
        }
        return read(stream.readAllBytes(), PRETRAINED);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}

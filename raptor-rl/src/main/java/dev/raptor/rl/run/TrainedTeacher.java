package dev.raptor.rl.run;

import dev.raptor.core.InvalidInputException;
import dev.raptor.core.io.Json;
import dev.raptor.core.io.Safetensors;
import dev.raptor.core.io.Tensor;
import dev.raptor.rl.evaluation.Evaluation;
import dev.raptor.rl.teacher.Teacher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A teacher with what is known of it, as it is kept in a run folder.
 *
 * @param teacher the controller
 * @param attempts trainings it took, the best of which this is
 * @param returnMean over hover episodes on its quadrotor, without exploration
 * @param terminatedShare of them
 * @param steadyStateErrorM over their last half, m; NaN if none reached the end
 * @param offsetM mean position over the same steps, m, three numbers
 */
record TrainedTeacher(
    Teacher teacher,
    int attempts,
    double returnMean,
    double terminatedShare,
    double steadyStateErrorM,
    float[] offsetM) {
  static TrainedTeacher of(Teacher teacher, int attempts, Evaluation evaluation) {
    float[] offset = new float[3];
    for (int k = 0; k < 3; k++) {
      offset[k] = evaluation.offsetM().get(k).floatValue();
    }
    return new TrainedTeacher(
        teacher,
        attempts,
        evaluation.returnMean(),
        evaluation.terminatedShare(),
        evaluation.steadyStateErrorM(),
        offset);
  }

  void write(Path path) throws IOException {
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("index", teacher.index());
    about.put("attempts", attempts);
    about.put("return_mean", returnMean);
    about.put("terminated_share", terminatedShare);
    about.put("steady_state_error_m", steadyStateErrorM);
    float[] parameters = teacher.parameters();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("actor", Tensor.of(parameters, parameters.length));
    tensors.put("offset_m", Tensor.of(offsetM, offsetM.length));
    new Safetensors(Map.of("teacher", Json.write(about)), tensors).write(path);
  }

  /**
   * Reads the teacher of the quadrotor at {@code index}.
   *
   * @throws InvalidInputException if the file is damaged or holds something else; the message
   *     begins with the path
   */
  static TrainedTeacher read(Path path, int index) throws IOException {
    Safetensors file = Safetensors.read(path);
    try {
      return of(file, index);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(path + ": " + e.getMessage(), e);
    }
  }

  private static TrainedTeacher of(Safetensors file, int index) {
    if (!(Json.parse(file.metadata().getOrDefault("teacher", "null")) instanceof Map<?, ?> about)) {
      throw new InvalidInputException("not a teacher");
    }
    if (number(about, "index") != index) {
      throw new InvalidInputException(
          "the teacher of quadrotor %s, allowed is that of %d"
              .formatted(about.get("index"), index));
    }
    return new TrainedTeacher(
        new Teacher(index, file.data("actor", Teacher.ACTOR.parameterCount())),
        (int) number(about, "attempts"),
        number(about, "return_mean"),
        number(about, "terminated_share"),
        number(about, "steady_state_error_m"),
        file.data("offset_m", 3));
  }

  private static double number(Map<?, ?> about, String key) {
    return about.get(key) instanceof Double value ? value : Double.NaN;
  }
}

package dev.raptor.rl;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.raptor.core.Policies;
import dev.raptor.core.RecurrentPolicy;
import dev.raptor.core.checkpoint.AtomicFile;
import dev.raptor.core.checkpoint.Safetensors;
import dev.raptor.core.checkpoint.Tensor;
import dev.raptor.core.json.Json;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.QuadrotorDistribution;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.SampledQuadrotor;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The whole pipeline in a folder: quadrotors, teachers, student, evaluation. It may be killed at
 * any moment: run again on the same folder, it goes on, and ends with the bits that it would have
 * ended with.
 *
 * <pre>
 *   config.json                   seed and every hyper-parameter
 *   generic.safetensors           the teacher of all vehicles, if the method has one
 *   teachers/0000.safetensors     a teacher and its evaluation; written when it is trained
 *   teachers.csv                  a row for each
 *   distillation.csv              a row for each epoch
 *   checkpoint.safetensors        student and optimiser after the last epoch
 *   student.safetensors           the policy
 *   metrics.json                  its evaluation on quadrotors never trained on
 * </pre>
 */
public final class TrainingRun {
  private static final String GENERIC = "generic.safetensors";
  private static final String CHECKPOINT = "checkpoint.safetensors";
  private static final int TEACHER_EPISODES = 50;
  private static final int MAX_ATTEMPTS = 3;

  /** Beyond these a teacher falls short, and is trained again. */
  private static final double MAX_TERMINATED_SHARE = 0.2;

  private static final double MAX_STEADY_STATE_ERROR_M = 0.3;

  private static final int EVALUATION_QUADS = 200;
  private static final int EVALUATION_EPISODES = 10;

  /** Cost of an environment step in each phase, for the progress alone; arbitrary unit. */
  private static final double PPO_STEP_COST = 9;

  private static final double APG_STEP_COST = 3;
  private static final double DISTILLATION_STEP_COST = 1;

  private final Path folder;
  private final RunConfig config;
  private final RunListener listener;
  private final List<SampledQuadrotor> quadrotors;
  private final double genericWork;
  private final double teacherWork;
  private final double studentWork;

  /** A run in {@code folder}, which is made if it is missing. */
  public TrainingRun(Path folder, RunConfig config, RunListener listener) {
    this.folder = folder;
    this.config = config;
    this.listener = listener;
    quadrotors = QuadrotorDistribution.sample(config.seed(), config.teachers());
    boolean ppo = config.method() == TeacherMethod.PPO;
    genericWork = ppo ? 0 : APG_STEP_COST * config.generic().totalSteps();
    teacherWork =
        config.teachers()
            * (ppo
                ? PPO_STEP_COST * config.ppo().totalSteps()
                : APG_STEP_COST * config.fineTuning().totalSteps());
    studentWork = DISTILLATION_STEP_COST * config.distillation().totalSteps();
  }

  /**
   * Runs to the end, or goes on from where an earlier process stopped.
   *
   * @return the metrics, as in {@code metrics.json}
   * @throws IOException if the folder cannot be written
   * @throws IllegalArgumentException if the folder holds another run or a damaged file
   */
  public Map<String, Object> run() throws IOException {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          folder + ": a file, allowed: a run folder, or a name that is free");
    }
    Files.createDirectories(folder);
    try (FileChannel lock = FileChannel.open(folder.resolve(".lock"), CREATE, WRITE)) {
      requireAlone(lock);
      claim();
      report(workBefore(), "run folder " + folder);
      List<TrainedTeacher> teachers = trainTeachers();
      writeTeacherTable(teachers);
      Distillation distillation = distil(teachers);
      return finish(teachers, distillation);
    }
  }

  private void requireAlone(FileChannel lock) throws IOException {
    boolean alone;
    try {
      alone = lock.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      alone = false;
    }
    if (!alone) {
      throw new IllegalArgumentException(
          folder + ": another run trains in this folder, allowed: one at a time");
    }
  }

  private void claim() throws IOException {
    Path path = folder.resolve("config.json");
    String json = Json.writePretty(config.toJson());
    if (!Files.exists(path)) {
      AtomicFile.write(path, json.getBytes(StandardCharsets.UTF_8));
    } else if (!Files.readString(path).equals(json)) {
      throw new IllegalArgumentException(
          "%s: the folder holds a run of another configuration, allowed: the same one, or another"
                  .formatted(path)
              + " folder");
    }
  }

  /** The work that earlier processes did. */
  private double workBefore() throws IOException {
    double work = Files.exists(folder.resolve(GENERIC)) ? genericWork : 0;
    long trained =
        quadrotors.stream().filter(quadrotor -> Files.exists(teacherPath(quadrotor))).count();
    work += teacherWork * trained / quadrotors.size();
    Path checkpoint = folder.resolve(CHECKPOINT);
    if (Files.exists(checkpoint)) {
      double epoch = Integer.parseInt(Safetensors.read(checkpoint).metadata().get("epoch"));
      work += studentWork * epoch / config.distillation().epochs();
    }
    return work;
  }

  private synchronized void report(double work, String message) {
    listener.progress(work / (genericWork + teacherWork + studentWork), message);
  }

  private Path teacherPath(SampledQuadrotor quadrotor) {
    return folder.resolve(
        String.format(Locale.ROOT, "teachers/%04d.safetensors", quadrotor.index()));
  }

  private List<TrainedTeacher> trainTeachers() throws IOException {
    Files.createDirectories(folder.resolve("teachers"));
    TeacherTrainer trainer =
        switch (config.method()) {
          case PPO -> (quadrotor, seed) -> Ppo.train(quadrotor, config.ppo(), seed, progress -> {});
          case GRADIENT -> {
            GenericTeacher generic = loadOrTrainGeneric();
            yield (quadrotor, seed) -> Apg.tune(generic, quadrotor, config.fineTuning(), seed);
          }
        };
    TrainedTeacher[] teachers = new TrainedTeacher[quadrotors.size()];
    for (SampledQuadrotor quadrotor : quadrotors) {
      Path path = teacherPath(quadrotor);
      if (Files.exists(path)) {
        teachers[quadrotor.index()] = TrainedTeacher.read(path, quadrotor.index());
      }
    }
    int[] missing = IntStream.range(0, teachers.length).filter(i -> teachers[i] == null).toArray();
    AtomicInteger done = new AtomicInteger(teachers.length - missing.length);
    try {
      Arrays.stream(missing)
          .parallel()
          .forEach(
              i -> {
                teachers[i] = train(quadrotors.get(i), trainer);
                report(teachers[i], done.incrementAndGet());
              });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return List.of(teachers);
  }

  private void report(TrainedTeacher teacher, int done) {
    report(
        genericWork + teacherWork * done / quadrotors.size(),
        "teacher %d of %d: return %.0f, terminated %.0f %%, steady-state error %.3f m"
            .formatted(
                done,
                quadrotors.size(),
                teacher.returnMean(),
                100 * teacher.terminatedShare(),
                teacher.steadyStateErrorM()));
  }

  private GenericTeacher loadOrTrainGeneric() throws IOException {
    Path path = folder.resolve(GENERIC);
    if (!Files.exists(path)) {
      AtomicInteger updates = new AtomicInteger();
      GenericTeacher trained =
          Apg.trainGeneric(
              config.generic(),
              config.seed(),
              cost ->
                  report(
                      genericWork * updates.incrementAndGet() / config.generic().updates(),
                      "generic teacher: cost %.3f".formatted(cost)));
      new Safetensors(Map.of(), Map.of("actor", flat(trained.parameters()))).write(path);
    }
    return new GenericTeacher(
        Safetensors.read(path).data("actor", GenericTeacher.ACTOR.parameterCount()));
  }

  private TrainedTeacher train(SampledQuadrotor quadrotor, TeacherTrainer trainer) {
    TrainedTeacher best = null;
    for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      Teacher teacher = trainer.train(quadrotor, config.seed() + attempt - 1);
      Evaluation evaluation =
          Evaluation.of(teacher, quadrotor, TEACHER_EPISODES, config.seed(), ReferenceKind.HOVER);
      if (best == null || evaluation.returnMean() > best.returnMean()) {
        best = TrainedTeacher.of(teacher, attempt, evaluation);
      }
      if (best.terminatedShare() <= MAX_TERMINATED_SHARE
          && best.steadyStateErrorM() <= MAX_STEADY_STATE_ERROR_M) {
        break;
      }
    }
    try {
      best.write(teacherPath(quadrotor));
      return best;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void writeTeacherTable(List<TrainedTeacher> teachers) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of("index", "attempts", "return_mean", "terminated_share", "steady_state_error_m"));
    for (TrainedTeacher teacher : teachers) {
      rows.add(
          row(
              teacher.teacher().index(),
              teacher.attempts(),
              teacher.returnMean(),
              teacher.terminatedShare(),
              teacher.steadyStateErrorM()));
    }
    writeTable("teachers.csv", rows);
  }

  private Distillation distil(List<TrainedTeacher> teachers) throws IOException {
    Distillation distillation =
        new Distillation(
            quadrotors,
            teachers.stream().map(TrainedTeacher::teacher).toList(),
            teachers.stream().map(TrainedTeacher::offsetM).toList(),
            config.distillation(),
            config.seed());
    Path checkpoint = folder.resolve(CHECKPOINT);
    List<List<String>> rows = new ArrayList<>();
    if (Files.exists(checkpoint)) {
      rows.addAll(restore(distillation, checkpoint));
    }
    int epochs = config.distillation().epochs();
    while (distillation.epoch() < epochs) {
      Distillation.Progress progress = distillation.runEpoch();
      rows.add(
          row(
              progress.epoch(),
              progress.loss(),
              progress.terminatedShare(),
              progress.learningRate()));
      save(distillation, rows, checkpoint);
      report(
          genericWork + teacherWork + studentWork * progress.epoch() / epochs,
          "student, epoch %d of %d: loss %.4f, terminated %.1f %%"
              .formatted(
                  progress.epoch(), epochs, progress.loss(), 100 * progress.terminatedShare()));
    }
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("epoch", "loss", "terminated_share", "learning_rate"));
    table.addAll(rows);
    writeTable("distillation.csv", table);
    return distillation;
  }

  private static void save(Distillation distillation, List<List<String>> rows, Path path)
      throws IOException {
    float[][] moments = distillation.adam().moments();
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("epoch", Integer.toString(distillation.epoch()));
    metadata.put("updates", Long.toString(distillation.adam().steps()));
    metadata.put("log", Json.write(rows));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("parameters", flat(distillation.parameters()));
    tensors.put("adam.m", flat(moments[0]));
    tensors.put("adam.v", flat(moments[1]));
    tensors.put("loss_share", flat(distillation.lossShare()));
    new Safetensors(metadata, tensors).write(path);
  }

  private static Tensor flat(float[] values) {
    return Tensor.of(values, values.length);
  }

  /** Restores the state and returns the rows of the log so far. */
  private static List<List<String>> restore(Distillation distillation, Path path)
      throws IOException {
    Safetensors file = Safetensors.read(path);
    restore(file, "parameters", distillation.parameters());
    float[][] moments = distillation.adam().moments();
    restore(file, "adam.m", moments[0]);
    restore(file, "adam.v", moments[1]);
    restore(file, "loss_share", distillation.lossShare());
    distillation.adam().restore(Long.parseLong(file.metadata().get("updates")));
    distillation.restore(Integer.parseInt(file.metadata().get("epoch")));
    List<List<String>> rows = new ArrayList<>();
    for (Object row : (List<?>) Json.parse(file.metadata().get("log"))) {
      rows.add(((List<?>) row).stream().map(String::valueOf).toList());
    }
    return rows;
  }

  private static void restore(Safetensors file, String name, float[] to) {
    System.arraycopy(file.data(name, to.length), 0, to, 0, to.length);
  }

  private Map<String, Object> finish(List<TrainedTeacher> teachers, Distillation distillation)
      throws IOException {
    // Quadrotors of another seed, so that none of them was trained on.
    Evaluation evaluation =
        Evaluation.of(
            distillation.student(Map.of()),
            QuadrotorDistribution.sample(config.seed() + 1, EVALUATION_QUADS),
            EVALUATION_EPISODES,
            config.seed() + 1,
            ObservationKind.RELATIVE,
            ReferenceKind.HOVER);
    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put("made_by", "raptor train");
    provenance.put("configuration", config.toJson());
    provenance.put("teachers", summary(teachers));
    provenance.put("evaluation", evaluation.toJson());
    RecurrentPolicy student = distillation.student(provenance);
    Policies.save(student, folder.resolve("student.safetensors"));

    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("teachers", summary(teachers));
    metrics.put("student", evaluation.toJson());
    AtomicFile.write(
        folder.resolve("metrics.json"), Json.writePretty(metrics).getBytes(StandardCharsets.UTF_8));
    return metrics;
  }

  private static Map<String, Object> summary(List<TrainedTeacher> teachers) {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("count", teachers.size());
    summary.put(
        "trained_again", teachers.stream().filter(teacher -> teacher.attempts() > 1).count());
    summary.put("return_mean", mean(teachers, TrainedTeacher::returnMean));
    summary.put("terminated_share", mean(teachers, TrainedTeacher::terminatedShare));
    summary.put("steady_state_error_m", mean(teachers, TrainedTeacher::steadyStateErrorM));
    return summary;
  }

  private static double mean(
      List<TrainedTeacher> teachers, ToDoubleFunction<TrainedTeacher> value) {
    return teachers.stream()
        .mapToDouble(value)
        .filter(Double::isFinite)
        .average()
        .orElse(Double.NaN);
  }

  private static List<String> row(Object... cells) {
    return Arrays.stream(cells).map(String::valueOf).toList();
  }

  private void writeTable(String name, List<List<String>> rows) throws IOException {
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().build(text)) {
      rows.forEach(csv::writeRecord);
    }
    AtomicFile.write(folder.resolve(name), text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Trains the teacher of one quadrotor; another seed gives another. */
  private interface TeacherTrainer {
    Teacher train(SampledQuadrotor quadrotor, long seed);
  }
}

package dev.raptor.rl.run;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.raptor.core.InvalidInputException;
import dev.raptor.core.RandomStreams;
import dev.raptor.core.io.AtomicFile;
import dev.raptor.core.io.FolderLock;
import dev.raptor.core.io.Json;
import dev.raptor.core.io.Safetensors;
import dev.raptor.core.io.Tensor;
import dev.raptor.core.network.RecurrentNetwork;
import dev.raptor.core.policy.PolicyFile;
import dev.raptor.core.policy.RecurrentPolicy;
import dev.raptor.rl.evaluation.Evaluation;
import dev.raptor.rl.student.Distillation;
import dev.raptor.rl.student.PolicyGradientRefinement;
import dev.raptor.rl.student.StudentTraining;
import dev.raptor.rl.teacher.Apg;
import dev.raptor.rl.teacher.GenericTeacher;
import dev.raptor.rl.teacher.Ppo;
import dev.raptor.rl.teacher.PpoConfig;
import dev.raptor.rl.teacher.Teacher;
import dev.raptor.rl.teacher.TeacherMethod;
import dev.raptor.sim.Environment;
import dev.raptor.sim.ErrorClipAnalysis;
import dev.raptor.sim.ObservationKind;
import dev.raptor.sim.ReferenceKind;
import dev.raptor.sim.vehicle.SampledQuadrotor;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The whole pipeline in a folder: quadrotors, teachers, a student that imitates them and then
 * learns from its own flights, evaluation. It may be killed at any moment: run again on the same
 * folder, it goes on, and ends with the bits that it would have ended with.
 *
 * <pre>
 *   config.json                   seed and every hyper-parameter
 *   generic.safetensors           the teacher of all vehicles
 *   generic.csv                   its learning curve
 *   teachers/0000.safetensors     a teacher and its evaluation; written when it is trained
 *   teachers/0000.csv             its learning curve, if it was trained by PPO
 *   teachers.csv                  a row for each
 *   ppo.csv                       the mean of their learning curves
 *   distillation.safetensors      student and optimiser after the last epoch of imitation
 *   distillation.csv              a row for each epoch, while it runs
 *   refinement.safetensors        the same of the epochs in which it learns from its own flights
 *   refinement.csv
 *   tensorboard/                  all these curves as TensorBoard's events
 *   student.safetensors           the policy
 *   metrics.json                  its evaluation on quadrotors never trained on
 * </pre>
 *
 * Of the students after each epoch of a phase, the one that flies best is kept: it is what the next
 * phase begins with. The quadrotors on which that is found out are not those of the evaluation.
 */
public final class TrainingRun {
  private static final String GENERIC = "generic.safetensors";
  private static final int TEACHER_EPISODES = 50;
  private static final int MAX_ATTEMPTS = 3;

  /** Beyond these a teacher is poor, and is trained again, by PPO for longer. */
  private static final double MAX_TERMINATED_SHARE = 0.1;

  private static final double MAX_STEADY_STATE_ERROR_M = 0.2;

  private static final int EVALUATION_QUADS = 200;
  private static final int EVALUATION_EPISODES = 10;

  /** Cost of an environment step in each phase, for the progress alone; arbitrary unit. */
  private static final double PPO_STEP_COST = 2.5;

  private static final double APG_STEP_COST = 3;
  private static final double DISTILLATION_STEP_COST = 1.5;
  private static final double REFINEMENT_STEP_COST = 1;

  private static final int VALIDATION_QUADS = 200;

  private static final int POOL = 4000;
  private static final long POOL_SEED_OFFSET = 31_337;

  private final Path folder;
  private final RunConfig config;
  private final RunListener listener;
  private final List<SampledQuadrotor> quadrotors;
  private final double genericWork;
  private final double teacherWork;
  private final double distillationWork;
  private final double refinementWork;

  /** A run in {@code folder}, which is made if it is missing. */
  public TrainingRun(Path folder, RunConfig config, RunListener listener) {
    this.folder = folder;
    this.config = config;
    this.listener = listener;
    quadrotors = config.vehicles().sample(config.seed(), config.quadrotors());
    genericWork =
        switch (config.method()) {
          case PPO -> PPO_STEP_COST * config.genericPpo().totalSteps();
          case GRADIENT -> APG_STEP_COST * config.genericApg().totalSteps();
          case NONE -> 0;
        };
    teacherWork =
        config.quadrotors()
            * switch (config.method()) {
              case PPO -> PPO_STEP_COST * config.ppo().totalSteps();
              case GRADIENT -> APG_STEP_COST * config.apg().totalSteps();
              case NONE -> 0;
            };
    distillationWork =
        config.method() == TeacherMethod.NONE
            ? 0
            : DISTILLATION_STEP_COST * config.distillation().totalSteps();
    refinementWork = REFINEMENT_STEP_COST * config.refinement().totalSteps();
  }

  /**
   * Runs to the end, or goes on from where an earlier process stopped.
   *
   * @return the metrics, as in {@code metrics.json}
   * @throws IOException if the folder cannot be written
   * @throws InvalidInputException if the folder holds another run or a damaged file
   */
  public Map<String, Object> run() throws IOException {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new InvalidInputException(
          folder + ": a file, allowed: a run folder, or a name that is free");
    }
    Files.createDirectories(folder);
    FolderLock lock = FolderLock.of(folder, "run trains");
    try {
      claim();
      report(workBefore(), "run folder " + folder);
      return config.method() == TeacherMethod.NONE ? learnAlone() : learnFromTeachers();
    } finally {
      lock.close();
    }
  }

  /**
   * Gives a run the teachers of another that differs from it in none but the number of quadrotors
   * and the student's learning: the first ones, as it would train them itself.
   */
  static void shareTeachers(Path from, Path to, int count) throws IOException {
    Files.createDirectories(to.resolve("teachers"));
    List<String> names = new ArrayList<>(List.of(GENERIC, "generic.csv"));
    for (int i = 0; i < count; i++) {
      names.add(teacherName(i) + ".csv");
      names.add(teacherName(i) + ".safetensors");
    }
    for (String name : names) {
      if (Files.exists(from.resolve(name)) && !Files.exists(to.resolve(name))) {
        AtomicFile.write(to.resolve(name), Files.readAllBytes(from.resolve(name)));
      }
    }
  }

  private Map<String, Object> learnFromTeachers() throws IOException {
    List<TrainedTeacher> teachers = trainTeachers();
    writeTeacherTable(teachers);
    RecurrentPolicy distilled = distil(teachers);
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("teachers", summary(teachers));
    metrics.put("distilled", evaluate(distilled).toJson());
    return finish(refine(distilled), metrics);
  }

  private Map<String, Object> learnAlone() throws IOException {
    RecurrentNetwork network =
        new RecurrentNetwork(
            Environment.STUDENT_ROWS, config.distillation().hidden(), Environment.ACTION_ROWS);
    float[] random = network.initialise(RandomStreams.of(config.seed(), 2));
    return finish(refine(new RecurrentPolicy(network, random, Map.of())), new LinkedHashMap<>());
  }

  private void claim() throws IOException {
    Path path = folder.resolve("config.json");
    String json = Json.writePretty(config.toJson());
    if (!Files.exists(path)) {
      AtomicFile.write(path, json.getBytes(StandardCharsets.UTF_8));
    } else if (!Files.readString(path).equals(json)) {
      throw new InvalidInputException(
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
    return work
        + distillationWork * shareDone("distillation", config.distillation().epochs())
        + refinementWork * shareDone("refinement", config.refinement().epochs());
  }

  private double shareDone(String phase, int epochs) throws IOException {
    Path checkpoint = folder.resolve(phase + ".safetensors");
    return Files.exists(checkpoint)
        ? Double.parseDouble(Safetensors.read(checkpoint).metadata().get("epoch")) / epochs
        : 0;
  }

  private synchronized void report(double work, String message) {
    listener.progress(
        work / (genericWork + teacherWork + distillationWork + refinementWork), message);
  }

  private Path teacherPath(SampledQuadrotor quadrotor) {
    return folder.resolve(teacherName(quadrotor.index()) + ".safetensors");
  }

  private static String teacherName(int index) {
    return String.format(Locale.ROOT, "teachers/%04d", index);
  }

  private List<TrainedTeacher> trainTeachers() throws IOException {
    Files.createDirectories(folder.resolve("teachers"));
    TeacherTrainer trainer =
        switch (config.method()) {
          case PPO -> {
            Ppo.Generic generic = loadOrTrainGenericByPpo();
            yield (quadrotor, attempt, listener) -> {
              PpoConfig ppo = config.ppoOf(quadrotor.quadrotor());
              return Ppo.tune(
                  generic,
                  quadrotor,
                  ppo.withTotalSteps(attempt * ppo.totalSteps()),
                  seedOf(attempt),
                  listener);
            };
          }
          case GRADIENT -> {
            GenericTeacher generic = loadOrTrainGenericByGradient();
            yield (quadrotor, attempt, listener) ->
                Apg.tune(generic, quadrotor, config.apg(), seedOf(attempt));
          }
          case NONE -> throw new IllegalStateException("there are no teachers");
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
    try (EventFile events = EventFile.open(RunLog.events(folder, "teachers"), done.get())) {
      Arrays.stream(missing)
          .parallel()
          .forEach(
              i -> {
                teachers[i] = train(quadrotors.get(i), trainer);
                report(teachers[i], done, events);
              });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return List.of(teachers);
  }

  private synchronized void report(TrainedTeacher teacher, AtomicInteger count, EventFile events) {
    int done = count.incrementAndGet();
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("charts/episodic_return", teacher.returnMean());
    scalars.put("charts/terminated_share", teacher.terminatedShare());
    scalars.put("charts/steady_state_error_m", teacher.steadyStateErrorM());
    try {
      events.add(done, scalars);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  private Ppo.Generic loadOrTrainGenericByPpo() throws IOException {
    Path path = folder.resolve(GENERIC);
    if (!Files.exists(path)) {
      try (RunLog log = new RunLog(folder, "generic", "step", -1)) {
        long samples = (long) config.genericPpo().environments() * config.genericPpo().horizon();
        Ppo.Generic trained =
            Ppo.trainGeneric(
                pool(),
                config.genericPpo(),
                config.seed(),
                progress -> {
                  add(log, progress.steps(), progress.scalars(), samples);
                  report(
                      genericWork * progress.steps() / config.genericPpo().totalSteps(),
                      "generic teacher: return %.0f".formatted(progress.episodicReturn()));
                });
        Map<String, Tensor> networks = new LinkedHashMap<>();
        networks.put("actor", flat(trained.actor().parameters()));
        networks.put("critic", flat(trained.critic()));
        new Safetensors(Map.of(), networks).write(path);
      }
    }
    Safetensors file = Safetensors.read(path);
    return new Ppo.Generic(
        new GenericTeacher(file.data("actor", GenericTeacher.ACTOR.parameterCount())),
        file.data("critic", Ppo.GENERIC_CRITIC.parameterCount()));
  }

  private GenericTeacher loadOrTrainGenericByGradient() throws IOException {
    Path path = folder.resolve(GENERIC);
    if (!Files.exists(path)) {
      try (RunLog log = new RunLog(folder, "generic", "update", -1)) {
        AtomicInteger updates = new AtomicInteger();
        long samples = config.genericApg().totalSteps() / config.genericApg().updates();
        GenericTeacher trained =
            Apg.trainGeneric(
                pool(),
                config.genericApg(),
                config.seed(),
                cost -> {
                  int update = updates.incrementAndGet();
                  add(log, update, Map.of("losses/cost", cost), samples);
                  report(
                      genericWork * update / config.genericApg().updates(),
                      "generic teacher: cost %.3f".formatted(cost));
                });
        new Safetensors(Map.of(), Map.of("actor", flat(trained.parameters()))).write(path);
      }
    }
    return new GenericTeacher(
        Safetensors.read(path).data("actor", GenericTeacher.ACTOR.parameterCount()));
  }

  /** What the generic teacher learns on: a draw of its own. */
  private List<SampledQuadrotor> pool() {
    return config.vehicles().sample(config.seed() + POOL_SEED_OFFSET, POOL);
  }

  private static void add(RunLog log, long step, Map<String, Double> scalars, long samples) {
    try {
      log.add(step, scalars, samples);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TrainedTeacher train(SampledQuadrotor quadrotor, TeacherTrainer trainer) {
    TrainedTeacher best = null;
    List<Ppo.Progress> bestCurve = List.of();
    for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      List<Ppo.Progress> curve = new ArrayList<>();
      Teacher teacher = trainer.train(quadrotor, attempt, curve::add);
      Evaluation evaluation =
          Evaluation.of(teacher, quadrotor, TEACHER_EPISODES, config.seed(), ReferenceKind.HOVER);
      if (best == null || evaluation.returnMean() > best.returnMean()) {
        best = TrainedTeacher.of(teacher, attempt, evaluation);
        bestCurve = curve;
      }
      if (!isPoor(best)) {
        break;
      }
    }
    try {
      if (!bestCurve.isEmpty()) {
        TeacherCurves.write(folder, teacherName(quadrotor.index()), bestCurve);
      }
      best.write(teacherPath(quadrotor));
      return best;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long seedOf(int attempt) {
    return config.seed() + attempt - 1;
  }

  private static boolean isPoor(TrainedTeacher teacher) {
    return !(teacher.terminatedShare() <= MAX_TERMINATED_SHARE
        && teacher.steadyStateErrorM() <= MAX_STEADY_STATE_ERROR_M);
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
    TeacherCurves.writeMean(
        folder,
        "ppo",
        quadrotors.stream().map(q -> folder.resolve(teacherName(q.index()) + ".csv")).toList());
  }

  private RecurrentPolicy distil(List<TrainedTeacher> teachers) throws IOException {
    Distillation distillation =
        new Distillation(
            quadrotors,
            teachers.stream().map(TrainedTeacher::teacher).toList(),
            teachers.stream().map(TrainedTeacher::offsetM).toList(),
            config.distillation(),
            config.seed());
    return learn(
        distillation,
        "distillation",
        config.distillation().epochs(),
        config.distillation().totalSteps(),
        genericWork + teacherWork,
        distillationWork);
  }

  private RecurrentPolicy refine(RecurrentPolicy start) throws IOException {
    if (config.refinement().epochs() == 0) {
      return start;
    }
    PolicyGradientRefinement refinement =
        new PolicyGradientRefinement(
            quadrotors, start.network(), start.parameters(), config.refinement(), config.seed());
    return learn(
        refinement,
        "refinement",
        config.refinement().epochs(),
        config.refinement().totalSteps(),
        genericWork + teacherWork + distillationWork,
        refinementWork);
  }

  /** Runs a phase, or goes on with it, and returns the best student of it. */
  private RecurrentPolicy learn(
      StudentTraining training,
      String phase,
      int epochs,
      long samples,
      double workBefore,
      double work)
      throws IOException {
    Path checkpoint = folder.resolve(phase + ".safetensors");
    float[] best = training.parameters().clone();
    double bestReturn = Double.NEGATIVE_INFINITY;
    if (Files.exists(checkpoint)) {
      Safetensors file = Safetensors.read(checkpoint);
      restore(training, file);
      restore(file, "best", best);
      bestReturn = Double.parseDouble(file.metadata().get("best_return"));
    }
    try (RunLog log = new RunLog(folder, phase, "epoch", training.epoch())) {
      while (training.epoch() < epochs) {
        StudentTraining.Progress progress = training.runEpoch();
        Evaluation validation = validate(training.student(training.parameters(), Map.of()));
        if (validation.returnMean() > bestReturn) {
          bestReturn = validation.returnMean();
          System.arraycopy(training.parameters(), 0, best, 0, best.length);
        }
        log.add(progress.epoch(), scalars(phase, progress, validation), samples / epochs);
        save(training, best, bestReturn, checkpoint);
        report(
            workBefore + work * progress.epoch() / epochs,
            "%s, epoch %d of %d: loss %.4f, return %.1f, terminated %.1f %%"
                .formatted(
                    phase,
                    progress.epoch(),
                    epochs,
                    progress.loss(),
                    validation.returnMean(),
                    100 * validation.terminatedShare()));
      }
    }
    return training.student(best, Map.of());
  }

  private static Map<String, Double> scalars(
      String phase, StudentTraining.Progress progress, Evaluation validation) {
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("losses/" + phase, progress.loss());
    scalars.put("charts/terminated_share", progress.terminatedShare());
    scalars.put("charts/learning_rate", progress.learningRate());
    scalars.put("validation/episodic_return", validation.returnMean());
    scalars.put("validation/terminated_share", validation.terminatedShare());
    scalars.put("validation/steady_state_error_m", validation.steadyStateErrorM());
    return scalars;
  }

  private static void save(StudentTraining training, float[] best, double bestReturn, Path path)
      throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("epoch", Integer.toString(training.epoch()));
    metadata.put("updates", Long.toString(training.adam().steps()));
    metadata.put("best_return", Double.toString(bestReturn));
    Map<String, Tensor> tensors = new TreeMap<>();
    training.state().forEach((name, values) -> tensors.put(name, flat(values)));
    tensors.put("best", flat(best));
    new Safetensors(metadata, tensors).write(path);
  }

  private static Tensor flat(float[] values) {
    return Tensor.of(values, values.length);
  }

  private static void restore(StudentTraining training, Safetensors file) {
    training.state().forEach((name, values) -> restore(file, name, values));
    training.adam().restore(Long.parseLong(file.metadata().get("updates")));
    training.restore(Integer.parseInt(file.metadata().get("epoch")));
  }

  private static void restore(Safetensors file, String name, float[] to) {
    System.arraycopy(file.data(name, to.length), 0, to, 0, to.length);
  }

  /**
   * On vehicles that choose the best student, none of them trained on nor evaluated on where there
   * are others.
   */
  private Evaluation validate(RecurrentPolicy student) {
    return evaluate(student, config.seed() + 2, VALIDATION_QUADS, 1);
  }

  /** On vehicles that nothing was trained on or chosen by, where there are such. */
  private Evaluation evaluate(RecurrentPolicy student) {
    return evaluate(student, config.seed() + 1, EVALUATION_QUADS, EVALUATION_EPISODES);
  }

  private Evaluation evaluate(RecurrentPolicy student, long seed, int quads, int episodes) {
    return Evaluation.of(
        student,
        config.vehicles().sample(seed, quads),
        episodes,
        seed,
        ObservationKind.RELATIVE,
        ReferenceKind.HOVER);
  }

  /** Writes the policy and the metrics, which begin with those before. */
  private Map<String, Object> finish(RecurrentPolicy student, Map<String, Object> metrics)
      throws IOException {
    metrics.put("student", evaluate(student).toJson());
    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put("made_by", "raptor train");
    provenance.put("configuration", config.toJson());
    provenance.put("metrics", metrics);
    PolicyFile.write(
        ErrorClipAnalysis.withErrorClip(
            new RecurrentPolicy(student.network(), student.parameters(), provenance)),
        folder.resolve("student.safetensors"));
    AtomicFile.write(
        folder.resolve("metrics.json"), Json.writePretty(metrics).getBytes(StandardCharsets.UTF_8));
    return metrics;
  }

  private static Map<String, Object> summary(List<TrainedTeacher> teachers) {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("count", teachers.size());
    summary.put(
        "trained_again", teachers.stream().filter(teacher -> teacher.attempts() > 1).count());
    summary.put(
        "poor",
        teachers.stream()
            .filter(TrainingRun::isPoor)
            .map(teacher -> teacher.teacher().index())
            .toList());
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

  /** Trains the teacher of one quadrotor; another attempt, from 1, gives another. */
  private interface TeacherTrainer {
    Teacher train(SampledQuadrotor quadrotor, int attempt, Consumer<Ppo.Progress> listener);
  }
}

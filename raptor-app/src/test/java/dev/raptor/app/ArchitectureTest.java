package dev.raptor.app;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What may know what: core ← sim ← rl ← app. */
class ArchitectureTest {
  private static final SliceAssignment EACH_PACKAGE =
      new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
          return type.getPackageName().startsWith("dev.raptor.")
              ? SliceIdentifier.of(type.getPackageName())
              : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
          return "packages";
        }
      };

  private static JavaClasses classes;

  @BeforeAll
  static void readClasses() {
    // By their places, because the class path of a test may hold modules as jars or as folders.
    Path[] places =
        Stream.of("core", "sim", "rl", "app")
            .map(module -> Path.of("..", "raptor-" + module, "target", "classes"))
            .toArray(Path[]::new);
    assertThat(places).allMatch(Files::isDirectory);
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPaths(places);
  }

  @Test
  void nothingKnowsWhatStandsAboveIt() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("dev.raptor..")
        .layer("core")
        .definedBy("dev.raptor.core..")
        .layer("sim")
        .definedBy("dev.raptor.sim..")
        .layer("rl")
        .definedBy("dev.raptor.rl..")
        .layer("app")
        .definedBy("dev.raptor.app..")
        .whereLayer("app")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("rl")
        .mayOnlyBeAccessedByLayers("app")
        .whereLayer("sim")
        .mayOnlyBeAccessedByLayers("app", "rl")
        .check(classes);
  }

  /** The layers within the command: flights, their pages, and what one types. */
  @Test
  void commandsStandAbovePagesAndPagesAboveFlights() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("dev.raptor.app..")
        .layer("flight")
        .definedBy("dev.raptor.app.flight..")
        .layer("report")
        .definedBy("dev.raptor.app.report..")
        .layer("fleet")
        .definedBy("dev.raptor.app.fleet..")
        .layer("command")
        .definedBy("dev.raptor.app.command..")
        .layer("raptor")
        .definedBy("dev.raptor.app")
        .whereLayer("raptor")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("command")
        .mayOnlyBeAccessedByLayers("raptor")
        .whereLayer("fleet")
        .mayOnlyBeAccessedByLayers("command")
        .whereLayer("report")
        .mayOnlyBeAccessedByLayers("command", "fleet")
        .check(classes);
  }

  @Test
  void noPackageKnowsOneThatKnowsIt() {
    SlicesRuleDefinition.slices()
        .assignedFrom(EACH_PACKAGE)
        .should()
        .beFreeOfCycles()
        .check(classes);
  }

  @Test
  void onlyTheVectorKernelsKnowTheVectorModule() {
    noClasses()
        .that(
            resideInAPackage("dev.raptor..")
                .and(resideInAPackage("dev.raptor..kernel.vector..").negate()))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..")
        .check(classes);
  }

  /** They are loaded by name, so that the rest runs where the vector module is absent. */
  @Test
  void nothingKnowsTheVectorKernels() {
    noClasses()
        .that(
            resideInAPackage("dev.raptor..")
                .and(resideInAPackage("dev.raptor..kernel.vector..").negate()))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.raptor..kernel.vector..")
        .check(classes);
  }

  @Test
  void theCommandKnowsNoKernels() {
    noClasses()
        .that()
        .resideInAPackage("dev.raptor.app..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.raptor..kernel..")
        .check(classes);
  }

  /** All threads would read them, beside whatever the collector puts into their cache line. */
  @Test
  void whatThreadsShareHasNoFields() {
    fields()
        .that()
        .areDeclaredInClassesThat()
        .areAssignableTo(
            assignableTo("dev.raptor.core.kernel.Kernels")
                .or(assignableTo("dev.raptor.core.kernel.IntegerKernels"))
                .or(assignableTo("dev.raptor.sim.kernel.Dynamics")))
        .should()
        .beStatic()
        .check(classes);
  }

  @Test
  void coreStandsOnTheJdkAlone() {
    noClasses()
        .that(resideInAPackage("dev.raptor.core.."))
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages("dev.raptor.core..", "java..", "javax..", "jdk.incubator.vector..")
        .check(classes);
  }
}

package dev.raptor.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples on learning learn, as far as a few seconds go. */
class LearningExamplesTest {
  @Test
  void aTeacherLearnsToStayInTheAir() throws IOException {
    List<String> lines = Printed.by(TrainATeacher::main, "260000");
    assertThat(lines).hasSize(4);
    String fields = " *[0-9]+ steps: return +[-0-9]+, episodes of +([0-9]+) steps";
    assertThat(Printed.number(lines.get(2), fields))
        .isGreaterThan(1.5 * Printed.number(lines.get(0), fields));
    assertThat(lines.get(3)).startsWith("100 flights: return ");
  }

  @Test
  void aStudentComesToDoWhatItsTeachersDo() throws IOException {
    List<String> lines = Printed.by(DistilASmallStudent::main, "50000");
    assertThat(lines).hasSize(10);
    String fields = "epoch \\d: differs from the teachers by ([.0-9]+) .*";
    assertThat(Printed.number(lines.get(7), fields))
        .isLessThan(0.7 * Printed.number(lines.get(0), fields));
    assertThat(lines.get(8)).matches("its own vehicles: [0-9]+ of 500 steps in the air");
  }
}

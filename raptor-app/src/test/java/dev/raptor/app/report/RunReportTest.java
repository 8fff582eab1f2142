package dev.raptor.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReportTest {
  @TempDir private Path folder;

  @Test
  void drawsEveryCurveThatThereIsWithoutANetwork() throws IOException {
    Path run = Files.createDirectories(folder.resolve("a<b"));
    Files.writeString(
        run.resolve("distillation.csv"),
        "epoch,losses/distillation,validation/episodic_return\n1,0.5,NaN\n2,0.004,-20\n3,0.003,610\n");
    Files.writeString(
        run.resolve("teachers.csv"),
        "index,attempts,return_mean,terminated_share,steady_state_error_m\n"
            + "0,1,680,0,0.01\n1,2,600,0.1,NaN\n");
    Files.writeString(
        run.resolve("metrics.json"),
        "{\"student\":{\"return_mean\":640.25,\"terminated_share\":0.031,\"steady_state_error_m\":null}}");

    Path page = RunReport.write(run);

    assertThat(page).isEqualTo(run.resolve("report.html"));
    assertThat(page)
        .content()
        .contains("Training run a&lt;b", "prefers-color-scheme:dark")
        .contains("<td>640.3<td>3.10 %<td>-")
        .contains(">losses/distillation<", ">validation/episodic_return<", ">return_mean<")
        .doesNotContain("a<b", "src=", "href=\"http", "NaN\"")
        .doesNotContain("learns from its own flights");
  }

  @Test
  void saysWhatAnUnfinishedRunLacks() throws IOException {
    Files.writeString(folder.resolve("generic.csv"), "update,losses/cost\n");

    assertThat(RunReport.write(folder)).content().contains("Not finished").doesNotContain("<svg");
  }
}

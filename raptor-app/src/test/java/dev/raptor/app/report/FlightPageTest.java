package dev.raptor.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raptor.app.Browser;
import dev.raptor.app.Run;
import dev.raptor.app.TestPolicies;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The flight report in a browser. */
class FlightPageTest {
  /** Lets it play for a while, pauses, chooses a vehicle and pulls the time line. */
  private static final String VISIT =
      """
      const find = id => document.getElementById(id);
      const page = document.documentElement.dataset;
      const frame = () => new Promise(done => requestAnimationFrame(done));
      while (page.ready !== 'true' || +page.time < 0.05) await frame();
      find('play').click();
      const paused = page.time;
      for (let i = 0; i < 3; i++) await frame();
      const stood = page.time === paused;
      document.querySelectorAll('#vehicles button')[2].click();
      find('time').value = 1.5;
      find('time').dispatchEvent(new Event('input'));
      for (let i = 0; i < 3; i++) await frame();
      const space = find('view').getBoundingClientRect();
      return {
        stood,
        playing: page.playing,
        vehicle: page.vehicle,
        time: page.time,
        readout: find('readout').textContent,
        charts: document.querySelectorAll('.uplot').length,
        tooWide: document.documentElement.scrollWidth > innerWidth,
        space: [space.x, space.y, space.width, space.height],
      };
      """;

  @TempDir private Path folder;
  private Path report;

  @BeforeEach
  void fly() throws IOException {
    report = folder.resolve("report.html");
    Object[] flight = {
      "fly",
      "--policy",
      TestPolicies.saveRandom(folder),
      "--controller",
      "policy,pid",
      "--platform",
      "mrs,soft",
      "--wind",
      "2",
      "--seconds",
      "3",
      "--html",
      report
    };
    Run.of(flight).succeeds();
  }

  @Test
  void isWholeAndSmall() throws IOException {
    assertThat(report)
        .content()
        .contains("<summary>Made with three.js</summary>", "<summary>Made with uPlot</summary>")
        .contains("Permission is hereby granted, free of charge")
        .contains("default-src 'none'", "width=device-width", "@media (prefers-color-scheme:dark)");
    assertThat(Files.size(report)).isBetween(1_000_000L, 1_500_000L);
  }

  @Test
  void playsAndScrubs() throws Exception {
    try (Browser browser = Browser.open(folder)) {
      visit(browser, 1400, 900, false);
      visit(browser, 390, 900, true);
    }
  }

  private void visit(Browser browser, int width, int height, boolean dark) throws Exception {
    browser.show(report.toUri().toString(), width, height, dark);
    Map<?, ?> seen = (Map<?, ?>) browser.run(VISIT);

    assertThat(browser.complaints()).isEmpty();
    assertThat(seen.get("stood")).isEqualTo(true);
    assertThat(seen.get("playing")).isEqualTo("false");
    assertThat(seen.get("vehicle")).isEqualTo("soft");
    assertThat(seen.get("time")).isEqualTo("1.500");
    assertThat(seen.get("readout").toString())
        .matches("random: over\npid: 0\\.\\d{3} m off\nwind 2\\.0 m/s");
    assertThat(seen.get("charts")).isEqualTo(3.0);
    assertThat(seen.get("tooWide")).isEqualTo(false);
    assertThat(coloursBelowTheReadout(browser.picture(), (List<?>) seen.get("space"), dark))
        .hasSizeGreaterThan(50);
  }

  /** The colours in the picture of the space; its ground must be as dark as the page. */
  private static Set<Integer> coloursBelowTheReadout(
      BufferedImage picture, List<?> space, boolean dark) {
    int[] box = space.stream().mapToInt(number -> ((Double) number).intValue()).toArray();
    Set<Integer> colours = new HashSet<>();
    for (int x = box[0] + 2; x < box[0] + box[2] - 2; x++) {
      for (int y = box[1] + 80; y < box[1] + box[3] - 2; y++) {
        colours.add(picture.getRGB(x, y) & 0xffffff);
      }
    }
    assertThat(colours).contains(dark ? 0x0d1117 : 0xffffff);
    return colours;
  }
}

/** The raptor command and one-page examples. */
module dev.raptor.examples {
  requires HdrHistogram;
  requires dev.raptor.rl;
  requires info.picocli;
  requires io.jhdf;
  requires java.logging;
  requires jdk.httpserver;
  requires de.siegmar.fastcsv;

  opens dev.raptor.examples to
      info.picocli;
}

/** The raptor command. */
module dev.raptor.app {
  requires dev.raptor.rl;
  requires info.picocli;
  requires io.jhdf;
  requires java.logging;
  requires jdk.httpserver;
  requires de.siegmar.fastcsv;

  opens dev.raptor.app to
      info.picocli;
  opens dev.raptor.app.command to
      info.picocli;
  opens dev.raptor.app.flight to
      info.picocli;
}

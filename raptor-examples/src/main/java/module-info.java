/** One-page examples. */
module dev.raptor.examples {
  requires HdrHistogram;
  requires dev.raptor.rl;
}

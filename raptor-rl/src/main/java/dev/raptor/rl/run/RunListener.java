package dev.raptor.rl.run;

/** A listener to the progress of a run; may be called from several threads, one call at a time. */
public interface RunListener {
  /**
   * Something was done.
   *
   * @param share of the run's work that is done, in [0, 1]
   * @param message what, for people, on one line
   */
  void progress(double share, String message);
}

package dev.raptor.rl.optim;

/**
 * A learning rate that rises along a line over the first updates and falls to 0 as a half cosine
 * (Loshchilov and Hutter, 2017, without restarts): {@code highest · min(1, (i + 1) / warmUp) · ½ (1
 * + cos(π i / updates))}.
 *
 * @param highest what it would be at the start without the rise
 * @param warmUp updates of the rise; with 1 there is none
 * @param updates in all
 */
public record LearningRate(float highest, int warmUp, int updates) {
  /** The rate of update {@code i}, from 0. */
  public double at(int i) {
    double rise = Math.min(1, (i + 1.0) / warmUp);
    return highest * rise * 0.5 * (1 + Math.cos(Math.PI * ((double) i / updates)));
  }
}

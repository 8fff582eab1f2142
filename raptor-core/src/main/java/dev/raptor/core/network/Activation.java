package dev.raptor.core.network;

/** The function that a dense layer applies to its sums. */
public enum Activation {
  /** y = x. */
  IDENTITY,
  /** y = max(0, x). */
  RELU,
  /** y = tanh(x). */
  TANH
}

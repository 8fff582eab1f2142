package dev.raptor.examples;

final class T {
  private T() {}
}

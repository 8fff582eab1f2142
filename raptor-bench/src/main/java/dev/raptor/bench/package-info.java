/**
 * JMH benchmarks, each with the vector kernels and with their scalar twins, next to the core's
 * peak; {@link dev.raptor.bench.Benchmarks} runs them and prints one table.
 */
package dev.raptor.bench;

/**
 * JMH benchmarks, each with the vector kernels and with their scalar twins, next to the core's peak
 * and to other libraries; {@link dev.raptor.bench.BenchCommand} runs them and prints one table.
 */
package dev.raptor.bench;

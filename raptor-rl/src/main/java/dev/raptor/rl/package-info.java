/** Training: PPO teachers, meta-imitation, evaluation, runs. */
package dev.raptor.rl;

/** What every training shares: the cost of a flight with its gradient, and learning rates. */
package dev.raptor.rl.optim;

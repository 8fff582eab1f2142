/** Small policies: calibration, training with rounding, and the search for a size. */
package dev.raptor.rl.quantise;

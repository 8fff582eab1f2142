/** A training from start to end in a folder that can be stopped and resumed. */
package dev.raptor.rl.run;

/** Teachers: one small network for each vehicle, which knows all of the state. */
package dev.raptor.rl.teacher;

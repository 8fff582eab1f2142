/** The student: one recurrent policy that learns from all teachers, then from its own flights. */
package dev.raptor.rl.student;

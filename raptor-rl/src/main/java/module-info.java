/** Training: teachers, students, evaluation, quantisation, runs. */
module dev.raptor.rl {
  requires transitive dev.raptor.sim;
  requires de.siegmar.fastcsv;

  exports dev.raptor.rl.evaluation;
  exports dev.raptor.rl.optim;
  exports dev.raptor.rl.quantise;
  exports dev.raptor.rl.run;
  exports dev.raptor.rl.student;
  exports dev.raptor.rl.teacher;
}

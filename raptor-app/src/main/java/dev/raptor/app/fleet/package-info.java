/** Many vehicles in real time, shown live in a browser. */
package dev.raptor.app.fleet;

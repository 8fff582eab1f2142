/** Pages and drawings of flights and runs. */
package dev.raptor.app.report;

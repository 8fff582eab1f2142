/** Flight stacks that run on this computer, with this simulator as their world. */
package dev.raptor.app.sitl;

/** Examples of a page each, with a main of their own. */
package dev.raptor.examples;

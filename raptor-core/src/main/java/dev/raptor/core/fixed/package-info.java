/**
 * The policy in integers: its format, its file, its quantiser, and its translation to C. Nothing
 * between the words of an observation and those of an action is a floating-point number.
 */
package dev.raptor.core.fixed;

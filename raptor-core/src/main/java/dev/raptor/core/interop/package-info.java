/** Policies in the file formats of other programs: RLtools and PX4, ONNX. */
package dev.raptor.core.interop;

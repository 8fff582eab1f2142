/** Files: safetensors, JSON, and writing a file whole or not at all. */
package dev.raptor.core.io;

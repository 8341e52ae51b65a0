/**
 * How an einsum runs: a {@link org.einscale.einsum.run.BoundProgram} is its equation met with shapes, a {@link
 * org.einscale.einsum.run.Routine} that compiled for the strides of some arrays, and {@link org.einscale.einsum.run.Routines}
 * remembers these.
 */
package org.einscale.einsum.run;

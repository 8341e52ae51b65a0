/** Einsums as ND4J's own operations: on arrays, in a {@code SameDiff} graph, or as text. */
@org.jspecify.annotations.NullMarked
package org.einscale.einsum.graph;

/**
 * An equation met with shapes: an {@link org.einscale.einsum.binding.Binding} says which elementary axes each array is composed
 * of, and their sizes. Characters and numbers only: no tensors, no programs.
 */
@org.jspecify.annotations.NullMarked
package org.einscale.einsum.binding;

/**
 * The plain kernels: loops as in a textbook, in either precision, which compute in double. They define what the fast ones do, and
 * compute where there are no vectors or where numbers are infinite.
 */
package org.einscale.tensor.kernel.scalar;

/**
 * How fast is an einsum beside its peers? Cases from a file, one definition of work, everyone in turn within the same
 * seconds, results compared before times are taken.
 */
package org.einscale.bench.einsum;

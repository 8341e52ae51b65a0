/** The benchmarked model on the libraries that a reader would otherwise use. */
package org.einscale.bench.peer;

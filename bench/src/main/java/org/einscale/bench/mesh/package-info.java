/** What several devices of one process reach, beside one. */
package org.einscale.bench.mesh;

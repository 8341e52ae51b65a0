/** The command line of einscale, and what a run leaves behind. */
package org.einscale.experiments;

/** A training step shown as a program: after each pass, and as the calls of its plan. */
package org.einscale.experiments.explain;

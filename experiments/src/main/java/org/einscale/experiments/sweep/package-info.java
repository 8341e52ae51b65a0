/** Runs an experiment's ladder: each rung a trial of the sweep, trained by the trainer. */
package org.einscale.experiments.sweep;

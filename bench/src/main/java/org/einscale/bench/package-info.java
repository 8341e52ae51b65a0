/**
 * Benchmarks beside their peers: a benchmark a question, one model, one definition of work, the same minutes for everyone
 * who is measured.
 */
package org.einscale.bench;

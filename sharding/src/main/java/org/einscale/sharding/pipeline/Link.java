package org.einscale.sharding.pipeline;

import org.einscale.einsum.program.Value;

/**
 * A value that one stage makes and another reads.
 *
 * @param number
 *            by which both know it
 * @param from
 *            stage that makes it
 * @param to
 *            stage that reads it
 * @param value
 *            what both call it; of a state, the copy that is sent
 */
public record Link(int number, int from, int to, Value value) {}

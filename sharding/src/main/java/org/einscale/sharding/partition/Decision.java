package org.einscale.sharding.partition;

import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;

/**
 * Why devices exchange something.
 *
 * @param value
 *            of the whole program
 * @param statement
 *            the collective in the program of a device
 * @param reason
 *            for a person
 */
public record Decision(Value value, Statement statement, String reason) {}

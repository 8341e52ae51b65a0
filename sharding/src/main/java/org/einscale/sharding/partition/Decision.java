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
 * @param asker
 *            in a few words, what it is for: a rule, two rules that want the same mesh axis, or what was declared
 * @param reason
 *            one line for a person: which operation needs the value, in which form and from which, and why
 */
public record Decision(Value value, Statement statement, String asker, String reason) {}

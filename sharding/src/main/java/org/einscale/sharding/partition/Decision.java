package org.einscale.sharding.partition;

import java.util.Optional;
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
 * @param remedy
 *            of an exchange that no rule asks for, which rule would, or which one it would go away without; else empty. Rules ask
 *            for what finishes a sum or an extremum along an axis that they split; for what moves a value that they are about by
 *            its name or as a parameter or state of an optimizer; for what brings a value to where they want it in the end;
 *            and, together, for what moves by a preset along the axes that it is there to move
 */
public record Decision(Value value, Statement statement, String asker, String reason, Optional<String> remedy) {}

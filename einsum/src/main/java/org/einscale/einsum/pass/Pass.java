package org.einscale.einsum.pass;

import java.util.Locale;
import org.einscale.einsum.program.Program;

/** A step of compilation: from a program it makes another one that computes the same, or more. */
public interface Pass {

    /**
     * The program made over.
     *
     * @throws org.einscale.einsum.program.ProgramError
     *             if the program is not one that the pass can be applied to, or its sizes contradict one another
     */
    Program apply(Program program, Context context);

    /** What a person calls the pass: the name of its class in small letters, words joined by hyphens. */
    default String name() {
        return getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    /** What it does, in a line for a person who reads a list of passes. */
    String description();
}

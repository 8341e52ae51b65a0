package org.einscale.einsum.plan.tape;

/** Where a run needs what a {@link Meeting} before has made, or the memory of what it brought there. */
public record Arrival(Meeting meeting) implements Stop {
    @Override
    public void run(long[] base) {
        // Whoever runs the meeting has seen to it.
    }
}

package org.einscale.einsum.plan.loop;

/**
 * A body in every round of some loops. Where rounds stay at an element of the result, those after the first add to it.
 *
 * @param loops
 *            over {@link #A}, {@link #B} and {@link #C}
 * @param bytes
 *            of an element
 */
public record LoopNest(LoopBody body, Loops loops, int bytes) implements LoopBody {
    /** The left operand among the tensors of loops, or the only one. */
    public static final int A = 0;
    /** The right operand. */
    public static final int B = 1;
    /** The result. */
    public static final int C = 2;

    /** The body itself where there are no loops. */
    public static LoopBody of(LoopBody body, Loops loops, int bytes) {
        return loops.depth() == 0 ? body : new LoopNest(body, loops, bytes);
    }

    /** Loops over a single operand and a result. */
    public static Loops loops(long[] rounds, long[] a, long[] c) {
        return Loops.of(rounds, a, new long[rounds.length], c);
    }

    @Override
    public void run(long[] base, long a, long b, long c, boolean add) {
        rounds(base, 0, a, b, c, add);
    }

    private void rounds(long[] base, int depth, long a, long b, long c, boolean add) {
        if (depth == loops.depth()) {
            body.run(base, a, b, c, add);
            return;
        }
        long moveA = loops.stride(A, depth) * bytes;
        long moveB = loops.stride(B, depth) * bytes;
        long moveC = loops.stride(C, depth) * bytes;
        for (long i = 0; i < loops.rounds()[depth]; i++) {
            rounds(base, depth + 1, a + i * moveA, b + i * moveB, c + i * moveC, add || i > 0 && moveC == 0);
        }
    }
}

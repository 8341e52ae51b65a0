package org.einscale.sharding.pipeline;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.einscale.einsum.cost.Flops;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Network;
import org.einscale.sharding.ShardingError;
import org.einscale.tensor.Sizes;

/**
 * Where a model is cut into stages: where no more crosses than right before or behind, as between the layers of a residual
 * stream, and of such places there, where the slowest stage, with what it hands on, takes as little time as can be. Solved by
 * dynamic programming over the positions of the model's statements.
 */
final class Cuts {
    private final double[] work;
    private final double[] crossing;

    /**
     * @param turns
     *            of results; what has none belongs to no stage
     * @param elementBytes
     *            bytes of a number
     */
    Cuts(Program program, Map<Value, Turn> turns, Sizes sizes, int elementBytes) {
        int depths = turns.values().stream().mapToInt(Turn::depth).max().orElse(-1) + 1;
        this.work = new double[depths];
        this.crossing = new double[depths];
        Map<Value, Integer> lastRead = new HashMap<>();
        for (Statement statement : program.statements()) {
            Turn turn = turns.get(statement.result());
            if (turn == null) {
                continue;
            }
            work[turn.depth()] += Math.max(Flops.of(statement, sizes), sizes.points(statement.result().axes()));
            if (!turn.backward()) {
                statement.operation().operands().stream().filter(turns::containsKey)
                        .forEach(operand -> lastRead.merge(operand, turn.depth(), Math::max));
            }
        }
        lastRead.forEach((value, last) -> {
            Turn made = turns.get(value);
            for (int cut = made == null ? last : made.depth() + 1; cut <= last; cut++) {
                // What crosses on the way there crosses as its cotangent on the way back.
                crossing[cut] += 2 * elementBytes * sizes.points(value.axes());
            }
        });
    }

    /**
     * For each stage the first position that belongs to the next.
     *
     * @throws ShardingError
     *             if there are fewer statements than stages
     */
    int[] into(int stages, Network network) {
        int depths = work.length;
        if (depths < stages) {
            throw new ShardingError("the model has " + depths + " statements; " + stages
                    + " stages need at least one each: make that side of the mesh smaller");
        }
        double[] sum = new double[depths + 1];
        for (int i = 0; i < depths; i++) {
            sum[i + 1] = sum[i] + work[i];
        }
        boolean[] narrow = new boolean[depths + 1];
        int found = 0;
        for (int cut = 1; cut < depths; cut++) {
            narrow[cut] = narrow(cut);
            found += narrow[cut] ? 1 : 0;
        }
        boolean anywhere = found < stages - 1;
        double[][] slowest = new double[stages + 1][depths + 1];
        int[][] from = new int[stages + 1][depths + 1];
        for (double[] row : slowest) {
            Arrays.fill(row, Double.POSITIVE_INFINITY);
        }
        slowest[0][0] = 0;
        for (int stage = 1; stage <= stages; stage++) {
            for (int end = stage; end <= depths; end++) {
                for (int start = stage - 1; start < end; start++) {
                    if (start > 0 && !narrow[start] && !anywhere) {
                        continue;
                    }
                    double time = network.time(sum[end] - sum[start],
                            bytes(start, stage > 1) + bytes(end, stage < stages), 0);
                    double worst = Math.max(slowest[stage - 1][start], time);
                    if (worst < slowest[stage][end]) {
                        slowest[stage][end] = worst;
                        from[stage][end] = start;
                    }
                }
            }
        }
        int[] ends = new int[stages];
        ends[stages - 1] = depths;
        for (int stage = stages; stage > 1; stage--) {
            ends[stage - 2] = from[stage][ends[stage - 1]];
        }
        return ends;
    }

    /** Whether on neither side the first other number of bytes that crosses is a smaller one. */
    private boolean narrow(int cut) {
        int left = cut;
        while (left > 0 && crossing[left] == crossing[cut]) {
            left--;
        }
        int right = cut;
        while (right < crossing.length && crossing[right] == crossing[cut]) {
            right++;
        }
        return (left == 0 || crossing[left] > crossing[cut])
                && (right == crossing.length || crossing[right] > crossing[cut]);
    }

    private double bytes(int cut, boolean crossed) {
        return crossed && cut < crossing.length ? crossing[cut] : 0;
    }
}

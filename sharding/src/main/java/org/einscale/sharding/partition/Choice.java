package org.einscale.sharding.partition;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Sharding;
import org.einscale.tensor.Axis;

/**
 * How devices share the work of a statement, and what other ways there were.
 *
 * @param statement
 *            of the whole program
 * @param local
 *            what a device calls the result as it makes it
 * @param made
 *            how the result is then split
 * @param rejected
 *            the next best ways, the best of them first
 */
public record Choice(Statement statement, Value local, Sharding made, Way taken, List<Way> rejected) {
    /** Rejected ways that are kept of each statement. */
    static final int REJECTED = 3;

    public Choice {
        rejected = List.copyOf(rejected);
    }

    /**
     * One way to share it.
     *
     * @param split
     *            mesh axes, major to minor, by the name of the axis along which devices share the work
     * @param passed
     *            mesh axes along which operands stay addends
     * @param seconds
     *            predicted, for the work of a device, for bringing operands there, and for bringing the result to where it
     *            is wanted
     * @param work
     *            operations of a device
     * @param bytes
     *            that it sends for that
     * @param rounds
     *            in which it waits for others
     */
    public record Way(Map<String, List<String>> split, Set<String> passed, double seconds, double work, double bytes,
            int rounds) {

        static Way of(Sharing sharing, double seconds, double work, double bytes, int rounds) {
            Map<String, List<String>> split = new TreeMap<>();
            sharing.split().forEach((Axis name, List<String> over) -> split.put(name.name(), over));
            return new Way(split, new TreeSet<>(sharing.passed().keySet()), seconds, work, bytes, rounds);
        }

        /** {@code b=data, h=model, addends over x}; what every device does alike goes without saying. */
        @Override
        public String toString() {
            String text = Stream.concat(
                    split.entrySet().stream().map(axis -> axis.getKey() + "=" + String.join("+", axis.getValue())),
                    passed.isEmpty() ? Stream.empty() : Stream.of("addends over " + String.join("+", passed)))
                    .collect(Collectors.joining(", "));
            return text.isEmpty() ? "every device alike" : text;
        }
    }
}

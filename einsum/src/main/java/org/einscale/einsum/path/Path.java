package org.einscale.einsum.path;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The order in which the operands of a contraction meet, two at a time: one meeting fewer than there are operands.
 *
 * @param meetings
 *            in the order in which they happen
 */
public record Path(List<Meeting> meetings) {

    /**
     * Two operands, by position in the list of those that are left, that are contracted next. Both leave the list and
     * their product joins its end.
     *
     * @throws IllegalArgumentException unless 0 <= first < second
     */
    public record Meeting(int first, int second) {
        public Meeting {
            if (first < 0 || second <= first) {
                throw new IllegalArgumentException("meeting of positions " + first + " and " + second
                        + ": expected two positions, the smaller first");
            }
        }

        @Override
        public String toString() {
            return "(" + first + ", " + second + ")";
        }
    }

    /** A meeting by numbers that stay the factors' own: those of the operands, then of the products in the order of the path. */
    public record FactorPair(int first, int second) {}

    public Path {
        meetings = List.copyOf(meetings);
    }

    /**
     * Checks that this path turns so many operands into one.
     *
     * @throws IllegalArgumentException if it has too few or too many meetings, or one names a position beyond the list
     */
    public void check(int operands) {
        if (meetings.size() != operands - 1) {
            throw new IllegalArgumentException("path " + this + " has " + meetings.size() + " meetings: " + operands
                    + " operands need " + (operands - 1));
        }
        for (int i = 0; i < meetings.size(); i++) {
            if (meetings.get(i).second() >= operands - i) {
                throw new IllegalArgumentException("meeting " + (i + 1) + " of path " + this + " is "
                        + meetings.get(i) + ": only " + (operands - i) + " operands are left then, from 0");
            }
        }
    }

    /** The meetings by the numbers of the factors; {@link #check} holds of the operands. */
    public List<FactorPair> pairs() {
        int operands = meetings.size() + 1;
        List<Integer> left = new ArrayList<>(IntStream.range(0, operands).boxed().toList());
        List<FactorPair> pairs = new ArrayList<>();
        for (Meeting meeting : meetings) {
            int second = left.remove(meeting.second());
            int first = left.remove(meeting.first());
            left.add(operands + pairs.size());
            pairs.add(new FactorPair(first, second));
        }
        return pairs;
    }

    /** Like {@code (1, 3) (0, 2) (0, 1)}. */
    @Override
    public String toString() {
        return meetings.stream().map(Meeting::toString).collect(Collectors.joining(" "));
    }
}

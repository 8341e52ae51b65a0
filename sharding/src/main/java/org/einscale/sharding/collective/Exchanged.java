package org.einscale.sharding.collective;

import org.einscale.einsum.program.Statement;
import org.einscale.sharding.Mesh;
import org.einscale.tensor.Sizes;

/**
 * What one device exchanges with others in a run.
 *
 * @param sent
 *            elements that it offers to others
 * @param received
 *            elements that it gets from others
 * @param messages
 *            in which it tells another device where what it offers is
 * @param rounds
 *            that it takes part in
 */
public record Exchanged(long sent, long received, long messages, long rounds) {
    public static final Exchanged NOTHING = new Exchanged(0, 0, 0, 0);

    /**
     * What follows for a device from a statement that is a collective.
     *
     * @param sizes
     *            of the whole axes
     */
    public static Exchanged of(Statement statement, Mesh mesh, Sizes sizes, int device) {
        Exchanged all = NOTHING;
        for (Stage stage : Stage.of(statement, mesh, sizes, device)) {
            all = all.plus(new Exchanged(stage.sent(device).stream().mapToLong(Piece::sent).sum(),
                    stage.received(device).stream().mapToLong(Piece::sent).sum(),
                    stage.sent(device).stream().filter(piece -> piece.to() != device).count(), 1));
        }
        return all;
    }

    public Exchanged plus(Exchanged other) {
        return new Exchanged(sent + other.sent, received + other.received, messages + other.messages,
                rounds + other.rounds);
    }
}

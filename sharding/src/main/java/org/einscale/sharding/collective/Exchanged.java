package org.einscale.sharding.collective;

import java.util.List;
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
     * What follows for a device from collectives that are carried out together.
     *
     * @param sizes
     *            of the whole axes
     */
    public static Exchanged of(List<Statement> together, Mesh mesh, Sizes sizes, int device) {
        List<List<Stage>> stages = together.stream().map(statement -> Stage.of(statement, mesh, sizes, device))
                .toList();
        Exchanged all = NOTHING;
        for (int round = 0; round < stages.getFirst().size(); round++) {
            int now = round;
            List<Piece> sent = stages.stream().flatMap(each -> each.get(now).sent(device).stream()).toList();
            List<Piece> received = stages.stream().flatMap(each -> each.get(now).received(device).stream()).toList();
            all = all.plus(new Exchanged(sent.stream().mapToLong(Piece::sent).sum(),
                    received.stream().mapToLong(Piece::sent).sum(),
                    sent.stream().mapToInt(Piece::to).filter(to -> to != device).distinct().count(), 1));
        }
        return all;
    }

    public Exchanged plus(Exchanged other) {
        return new Exchanged(sent + other.sent, received + other.received, messages + other.messages,
                rounds + other.rounds);
    }
}

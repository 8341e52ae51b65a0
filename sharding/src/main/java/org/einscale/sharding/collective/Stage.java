package org.einscale.sharding.collective;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Exchange;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Statement;
import org.einscale.sharding.Block;
import org.einscale.sharding.Mesh;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/**
 * One round of a collective: who gets which elements from whom, directly. Every device gets just what it lacks, so that no
 * way with as many rounds sends less. An all-reduce has two rounds, in which each device sums up a part of what all have and
 * then hands it to all (Patarasuk and Yuan 2009); of two devices with little, each sends all it has in one, which is as much.
 * All others have one.
 */
public final class Stage {
    private final Mesh mesh;
    private final List<String> over;
    private final List<List<String>> from;
    private final List<List<String>> to;
    private final int[] whole;
    private final Optional<Reduction> reduction;

    private Stage(Mesh mesh, List<String> over, List<List<String>> from, List<List<String>> to, int[] whole,
            Optional<Reduction> reduction) {
        this.mesh = mesh;
        this.over = over;
        this.from = from;
        this.to = to;
        this.whole = whole;
        this.reduction = reduction;
    }

    /**
     * How many rounds an exchange has among so many devices, each of which sends so many elements: of little, it takes less time to
     * sum up all of it twice than to wait once more.
     */
    public static int rounds(Exchange exchange, int devices, double elements) {
        return exchange == Exchange.ALL_REDUCE && (devices > 2 || elements > Operation.Collective.AT_ONCE) ? 2 : 1;
    }

    /**
     * Rounds of a collective.
     *
     * @param statement
     *            whose operation is a collective
     * @param sizes
     *            of the whole axes
     * @param device
     *            one that takes part
     */
    public static List<Stage> of(Statement statement, Mesh mesh, Sizes sizes, int device) {
        if (!(statement.operation() instanceof Operation.Collective collective)) {
            throw new IllegalArgumentException(statement + " is no collective");
        }
        int[] whole = statement.result().axes().stream().map(Axis::whole).mapToInt(sizes::of).toArray();
        List<List<String>> from = collective.operand().axes().stream().map(Axis::over).toList();
        List<List<String>> to = statement.result().axes().stream().map(Axis::over).toList();
        List<String> over = collective.over();
        return switch (collective.exchange()) {
            case ALL_REDUCE -> {
                int[] flat = {Math.toIntExact(Block.of(mesh, device, from, whole).volume())};
                List<List<String>> all = List.of(List.of());
                List<List<String>> parts = List.of(over);
                Optional<Reduction> combine = Optional.of(collective.reduction());
                yield rounds(collective.exchange(), mesh.devices(over), flat[0]) == 1
                        ? List.of(new Stage(mesh, over, all, all, flat, combine))
                        : List.of(new Stage(mesh, over, all, parts, flat, combine),
                                new Stage(mesh, over, parts, all, flat, Optional.empty()));
            }
            case REDUCE_SCATTER -> List.of(new Stage(mesh, over, from, to, whole, Optional.of(collective.reduction())));
            case ALL_GATHER, ALL_TO_ALL, PERMUTE -> List.of(new Stage(mesh, over, from, to, whole, Optional.empty()));
        };
    }

    /** What becomes of what several devices send for the same place; empty if only one does. */
    public Optional<Reduction> reduction() {
        return reduction;
    }

    /** What a device gets, itself included, in the order of those who send. */
    public List<Piece> received(int device) {
        List<Piece> pieces = new ArrayList<>();
        for (int sender : mesh.group(device, over)) {
            add(sender, device, pieces);
        }
        return pieces;
    }

    /** What a device sends, to itself included, in the order of those who get it. */
    public List<Piece> sent(int device) {
        List<Piece> pieces = new ArrayList<>();
        for (int receiver : mesh.group(device, over)) {
            add(device, receiver, pieces);
        }
        return pieces;
    }

    private void add(int sender, int receiver, List<Piece> pieces) {
        Block there = Block.of(mesh, sender, from, whole);
        Block here = Block.of(mesh, receiver, to, whole);
        Block both = there.intersection(here);
        if (both.volume() > 0) {
            pieces.add(new Piece(sender, receiver, there.sizes(), relative(both, there), here.sizes(),
                    relative(both, here), both.sizes()));
        }
    }

    private static int[] relative(Block block, Block to) {
        int[] starts = new int[block.starts().length];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = block.starts()[i] - to.starts()[i];
        }
        return starts;
    }
}

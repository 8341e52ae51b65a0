package org.einscale.sharding.wire;

import java.nio.ByteBuffer;

/**
 * What goes before the bytes that a process sends to another.
 *
 * @param kind
 *            what the bytes are
 * @param run
 *            of which devices they are
 * @param epoch
 *            number of the step, or of the job
 * @param to
 *            device that gets them
 * @param place
 *            number of the bundle of collectives, link, value or file
 * @param round
 *            of the bundle, or number of the piece
 * @param from
 *            device that they come from
 * @param bytes
 *            how many of them follow
 */
public record Frame(Kind kind, long run, long epoch, int to, int place, int round, int from, long bytes) {
    /** Bytes of a frame itself. */
    static final int SIZE = 48;

    /** What devices and those who lead them send to one another. */
    public enum Kind {
        /** What a device contributes to a round of a collective. */
        EXCHANGED,
        /** What a device of a stage sends through a link. */
        LINKED,
        /** The part of an input or state that a device is to have. */
        WRITE,
        /** All devices of a process are to run once. */
        RUN,
        /** The part of a value that a device has is asked for. */
        READ,
        /** The answer to that. */
        ARRAY,
        /** All devices of a process have run. */
        DONE,
        /** A device or a job cannot go on; the bytes say why. */
        FAILED,
        /** A process has stopped, or cannot be reached by another, that has or had a device or does jobs. */
        LOST,
        /** What devices wait for is asked. */
        ASK,
        /** The answer to that, as text. */
        WAITING,
        /** A job is to be done, as the bytes say. */
        ORDER,
        /** A job is not needed any more, nor is what came of it. */
        STOP,
        /** How a job goes, as text; of no bytes if it just goes on. */
        TOLD,
        /** A job is done; the bytes say what came of it. */
        ENDED,
        /** A piece of a file is asked for. */
        WANT,
        /** The answer to that. */
        PIECE
    }

    /** Where in a frame the number of a slot stands. */
    private static final int SLOT = 36;

    /**
     * @param slot
     *            number of the slot of {@link SharedMemory} where the bytes are, 0 if they follow
     */
    void put(ByteBuffer buffer, int slot) {
        buffer.putInt(kind.ordinal()).putInt(to).putLong(run).putLong(epoch).putInt(place).putInt(round).putInt(from)
                .putInt(slot).putLong(bytes);
    }

    /** The slot of the frame that comes next. */
    static int slot(ByteBuffer buffer) {
        return buffer.getInt(buffer.position() + SLOT);
    }

    /**
     * @throws ProtocolException
     *             if what stands there is no frame
     */
    static Frame get(ByteBuffer buffer) throws ProtocolException {
        int kind = buffer.getInt();
        int to = buffer.getInt();
        long run = buffer.getLong();
        long epoch = buffer.getLong();
        int place = buffer.getInt();
        int round = buffer.getInt();
        int from = buffer.getInt();
        buffer.getInt();
        long bytes = buffer.getLong();
        if (kind < 0 || kind >= Kind.values().length || bytes < 0) {
            throw new ProtocolException("it sent what is no frame");
        }
        return new Frame(Kind.values()[kind], run, epoch, to, place, round, from, bytes);
    }
}

package org.einscale.sharding.wire;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.einscale.tensor.memory.TensorArena;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory that two processes of one machine have in common, so that a body is neither copied nor handed through a socket. The one
 * fills a slot that is free and sends its number; the other reads there, and frees it. It is a file in memory that only its
 * owner may open, and that has a name just until both have it.
 */
final class SharedMemory {
    /** Bytes of a slot: a bundle of collectives is no larger, unless it is a single one. */
    static final int SLOT = 1 << 20;
    private static final int SLOTS = 8;
    private static final Logger LOG = LoggerFactory.getLogger(SharedMemory.class);
    private static final Path FOLDER = Path.of("/dev/shm");
    private static final String NAMES = "einscale-";
    /** States are before the slots, each in a line of the cache of its own. */
    private static final int LINE = 64;
    private static final int PAGE = 4096;
    private static final int BYTES = PAGE + SLOTS * SLOT;
    private static final VarHandle STATE = ValueLayout.JAVA_INT.varHandle();

    private static final int FREE = 0;
    /** Somebody here fills it. */
    private static final int TAKEN = 1;
    private static final int SENT = 2;
    /** Somebody there reads it. */
    private static final int RECEIVED = 3;

    private final Path file;
    private final TensorArena states;
    private final List<TensorArena> slots = new ArrayList<>();
    /** The state of a slot that somebody in this process has. */
    private final int held;
    private boolean ended;

    private SharedMemory(Path file, boolean sends) throws IOException {
        this.file = file;
        this.held = sends ? TAKEN : RECEIVED;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (sends) {
                fill(channel);
            } else if (channel.size() != BYTES) {
                throw new IOException(file + " has " + channel.size() + " bytes; expected " + BYTES);
            }
            this.states = TensorArena.mapped(channel, 0, PAGE);
            for (int i = 0; i < SLOTS; i++) {
                slots.add(TensorArena.mapped(channel, PAGE + (long) i * SLOT, SLOT));
            }
        }
    }

    /** Takes all the memory now: to write to a mapped page of which there is none would end the process. */
    private static void fill(FileChannel channel) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(BYTES);
        while (zeros.hasRemaining()) {
            channel.write(zeros);
        }
    }

    /** Memory for what this process sends; empty where files cannot be in memory, or there is too little. */
    static Optional<SharedMemory> offer() {
        try {
            Path file = Files.createTempFile(FOLDER, NAMES, "");
            try {
                return Optional.of(new SharedMemory(file, true));
            } catch (IOException e) {
                delete(file);
                throw e;
            }
        } catch (IOException e) {
            LOG.debug("shares no memory", e);
            return Optional.empty();
        }
    }

    /** Memory that a peer offers by its {@link #name}; empty if it cannot be had here. */
    static Optional<SharedMemory> of(String name) {
        if (!name.matches(NAMES + "\\d+")) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SharedMemory(FOLDER.resolve(name), false));
        } catch (IOException e) {
            LOG.debug("cannot have the memory of a peer", e);
            return Optional.empty();
        }
    }

    String name() {
        return String.valueOf(file.getFileName());
    }

    /** From now on nobody else can have it. */
    void hide() {
        delete(file);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("{} stays", file, e);
        }
    }

    List<TensorArena> slots() {
        return slots;
    }

    /** A slot to fill, if one is free. */
    Optional<TensorArena> take() {
        return IntStream.range(0, SLOTS).filter(slot -> move(slot, FREE, TAKEN)).mapToObj(slots::get).findFirst();
    }

    /** Number of a slot from 1 on, 0 for other memory. */
    int number(TensorArena slot) {
        return slots.indexOf(slot) + 1;
    }

    /** A slot has been filled, and its number goes to the peer. */
    void sent(int number) {
        move(number - 1, TAKEN, SENT);
    }

    /**
     * What the peer has filled.
     *
     * @throws ProtocolException
     *             if it has not
     */
    TensorArena received(int number) throws ProtocolException {
        if (number < 1 || number > SLOTS || !move(number - 1, SENT, RECEIVED)) {
            throw new ProtocolException("it has put nothing into slot " + number);
        }
        return slots.get(number - 1);
    }

    /** Ends the use of a slot; true if that was the last one. */
    synchronized boolean free(TensorArena slot) {
        STATE.setRelease(states.segment(), (long) slots.indexOf(slot) * LINE, FREE);
        return ended;
    }

    /**
     * The peer is gone.
     *
     * @return slots that nobody here uses
     */
    synchronized List<TensorArena> end() {
        ended = true;
        return IntStream.range(0, SLOTS)
                .filter(slot -> (int) STATE.getAcquire(states.segment(), (long) slot * LINE) != held)
                .mapToObj(slots::get).toList();
    }

    private boolean move(int slot, int from, int to) {
        return STATE.compareAndSet(states.segment(), (long) slot * LINE, from, to);
    }
}

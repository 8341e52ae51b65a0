package org.einscale.sharding.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.einscale.tensor.memory.TensorArena;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one peer: frames go out one after the other, by a thread of its own, so that whoever sends goes on at once; or by
 * whoever sends, if the frame is short and nothing else is under way.
 */
final class Outgoing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Outgoing.class);
    /** Bodies up to so many bytes go with their frame in one piece. */
    static final int SMALL = 16 << 10;
    private static final int CONNECTING_MILLIS = 10_000;

    private final Endpoint endpoint;
    private final Address to;
    private final ByteBuffer head = ByteBuffer.allocateDirect(Frame.SIZE + SMALL);
    private final Queue<Letter> letters = new ArrayDeque<>();
    private final Thread thread;
    private volatile Optional<SharedMemory> shared = Optional.empty();
    private Optional<ByteChannel> channel = Optional.empty();
    /** Whether somebody has the channel and the head. */
    private boolean writing;
    private @Nullable IOException failure;
    private volatile boolean closed;

    private record Letter(Frame frame, TensorArena body) {}

    Outgoing(Endpoint endpoint, Address to) {
        this.endpoint = endpoint;
        this.to = to;
        this.thread = Thread.ofPlatform().daemon().name("to " + to).start(this::work);
    }

    void send(Frame frame, TensorArena body) {
        put(new Letter(frame, body));
    }

    void sendNow(Frame frame, TensorArena body) {
        Letter letter = new Letter(frame, body);
        Optional<ByteChannel> free = freeFor(letter);
        if (free.isPresent()) {
            try {
                write(letter, free.get());
            } catch (IOException e) {
                fail(e);
            } finally {
                written();
            }
        }
    }

    /** The channel, for whoever is to write there now; empty if the letter waits. */
    private synchronized Optional<ByteChannel> freeFor(Letter letter) {
        if (closed || channel.isEmpty() || writing || !letters.isEmpty()
                || letter.frame.bytes() > SMALL && slot(letter) == 0) {
            put(letter);
            return Optional.empty();
        }
        writing = true;
        return channel;
    }

    private synchronized void put(Letter letter) {
        if (closed) {
            endpoint.giveBack(letter.body);
        } else {
            letters.add(letter);
            notifyAll();
        }
    }

    private synchronized Letter next() throws IOException, InterruptedException {
        while (failure == null && (writing || letters.isEmpty())) {
            wait();
        }
        if (failure != null) {
            throw failure;
        }
        writing = true;
        return letters.remove();
    }

    private synchronized void written() {
        writing = false;
        notifyAll();
    }

    private synchronized void fail(IOException e) {
        failure = e;
    }

    private synchronized void open(ByteChannel greeted) {
        channel = Optional.of(greeted);
    }

    private void work() {
        try (SocketChannel plain = SocketChannel.open()) {
            plain.setOption(StandardSocketOptions.TCP_NODELAY, true);
            plain.setOption(StandardSocketOptions.SO_SNDBUF, Endpoint.SOCKET_BYTES);
            plain.socket().connect(new InetSocketAddress(to.host(), to.port()), CONNECTING_MILLIS);
            ByteChannel greeted = endpoint.security().client(plain);
            greet(plain, greeted);
            open(greeted);
            while (!closed) {
                Letter letter = next();
                try {
                    write(letter, greeted);
                } finally {
                    written();
                }
            }
        } catch (IOException e) {
            if (!closed) {
                LOG.info("no way to {}: {}", to, e.toString());
                endpoint.lost(to);
            }
        } catch (InterruptedException e) {
            LOG.debug("the way to {} is closed", to);
        } finally {
            drop();
            shared.ifPresent(endpoint::unshare);
        }
    }

    /** Says who sends, and offers to share memory to a process that is on the same machine. */
    private void greet(SocketChannel plain, ByteChannel greeted) throws IOException {
        boolean near = plain.socket().getInetAddress().equals(plain.socket().getLocalAddress());
        Optional<SharedMemory> offered = near ? SharedMemory.offer() : Optional.empty();
        try {
            Hello.say(greeted, to, new Hello.Greeting(endpoint.address(), offered.map(SharedMemory::name).orElse("")));
            if (offered.isPresent() && Hello.answer(greeted)) {
                endpoint.share(offered.get());
                shared = offered;
            }
        } finally {
            offered.ifPresent(SharedMemory::hide);
        }
    }

    /** Memory from which the peer reads what is sent, if there is any now. */
    Optional<TensorArena> slot() {
        return shared.flatMap(SharedMemory::take);
    }

    private synchronized void drop() {
        closed = true;
        letters.forEach(letter -> endpoint.giveBack(letter.body));
        letters.clear();
    }

    private int slot(Letter letter) {
        return shared.map(memory -> memory.number(letter.body)).orElse(0);
    }

    private void write(Letter letter, ByteChannel way) throws IOException {
        int slot = slot(letter);
        head.clear();
        letter.frame.put(head, slot);
        if (slot > 0) {
            shared.orElseThrow().sent(slot);
            write(head.flip(), way);
        } else {
            writeWhole(letter, way);
        }
        endpoint.count(letter.frame, true);
    }

    private void writeWhole(Letter letter, ByteChannel way) throws IOException {
        try {
            ByteBuffer body = letter.body.segment().asSlice(0, letter.frame.bytes()).asByteBuffer();
            if (body.remaining() <= SMALL) {
                head.put(body);
            }
            write(head.flip(), way);
            write(body, way);
        } finally {
            endpoint.giveBack(letter.body);
        }
    }

    private static void write(ByteBuffer bytes, ByteChannel way) throws IOException {
        while (bytes.hasRemaining()) {
            way.write(bytes);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}

package org.einscale.sharding.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.einscale.tensor.memory.TensorArena;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way to one peer: frames go out one after the other, by a thread of its own, so that whoever sends goes on at once. */
final class Outgoing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Outgoing.class);
    /** Bodies up to so many bytes go with their frame in one piece. */
    static final int SMALL = 16 << 10;
    private static final int CONNECTING_MILLIS = 10_000;

    private final Endpoint endpoint;
    private final Address to;
    private final BlockingQueue<Letter> letters = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile Optional<SharedMemory> shared = Optional.empty();
    private volatile boolean closed;

    private record Letter(Frame frame, TensorArena body) {}

    Outgoing(Endpoint endpoint, Address to) {
        this.endpoint = endpoint;
        this.to = to;
        this.thread = Thread.ofPlatform().daemon().name("to " + to).start(this::work);
    }

    void send(Frame frame, TensorArena body) {
        letters.add(new Letter(frame, body));
        if (closed) {
            drop();
        }
    }

    private void work() {
        try (SocketChannel plain = SocketChannel.open()) {
            plain.setOption(StandardSocketOptions.TCP_NODELAY, true);
            plain.setOption(StandardSocketOptions.SO_SNDBUF, Endpoint.SOCKET_BYTES);
            plain.socket().connect(new InetSocketAddress(to.host(), to.port()), CONNECTING_MILLIS);
            ByteChannel channel = endpoint.security().client(plain);
            greet(plain, channel);
            ByteBuffer head = ByteBuffer.allocateDirect(Frame.SIZE + SMALL);
            while (!closed) {
                write(letters.take(), head, channel);
            }
        } catch (IOException e) {
            if (!closed) {
                LOG.info("no way to {}: {}", to, e.toString());
                endpoint.lost(to);
            }
        } catch (InterruptedException e) {
            LOG.debug("the way to {} is closed", to);
        } finally {
            closed = true;
            drop();
            shared.ifPresent(endpoint::unshare);
        }
    }

    /** Says who sends, and offers to share memory to a process that is on the same machine. */
    private void greet(SocketChannel plain, ByteChannel channel) throws IOException {
        boolean near = plain.socket().getInetAddress().equals(plain.socket().getLocalAddress());
        Optional<SharedMemory> offered = near ? SharedMemory.offer() : Optional.empty();
        try {
            Hello.say(channel, to, new Hello.Greeting(endpoint.address(), offered.map(SharedMemory::name).orElse("")));
            if (offered.isPresent() && Hello.answer(channel)) {
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

    private void drop() {
        for (Letter letter = letters.poll(); letter != null; letter = letters.poll()) {
            endpoint.giveBack(letter.body);
        }
    }

    private void write(Letter letter, ByteBuffer head, ByteChannel channel) throws IOException {
        int slot = shared.map(memory -> memory.number(letter.body)).orElse(0);
        head.clear();
        letter.frame.put(head, slot);
        if (slot > 0) {
            shared.orElseThrow().sent(slot);
            write(head.flip(), channel);
        } else {
            writeWhole(letter, head, channel);
        }
        endpoint.count(letter.frame, true);
    }

    private void writeWhole(Letter letter, ByteBuffer head, ByteChannel channel) throws IOException {
        try {
            ByteBuffer body = letter.body.segment().asSlice(0, letter.frame.bytes()).asByteBuffer();
            if (body.remaining() <= SMALL) {
                head.put(body);
            }
            write(head.flip(), channel);
            write(body, channel);
        } finally {
            endpoint.giveBack(letter.body);
        }
    }

    private static void write(ByteBuffer bytes, ByteChannel channel) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}

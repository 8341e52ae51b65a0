package org.einscale.sharding.wire;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.einscale.tensor.memory.ArenaPool;
import org.einscale.tensor.memory.TensorArena;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a process at which others reach it. Every process opens one connection to each that it sends to, on which it
 * alone sends: what a peer sends arrives in its order. Safe for use by many threads.
 */
public final class Endpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
    private static final TensorArena NOTHING = TensorArena.allocate(0);
    static final int SOCKET_BYTES = 4 << 20;
    private static final long IDLE_BYTES = 1L << 30;
    private static final int TOKEN_BYTES = 16;

    private final ServerSocketChannel server;
    private final Security security;
    private final Receiver receiver;
    private final Address address;
    private final ArenaPool buffers = new ArenaPool(IDLE_BYTES);
    /** Slots that may be lent, and of what they are. */
    private final Map<TensorArena, SharedMemory> shared = new ConcurrentHashMap<>();
    private final Map<Address, Outgoing> outgoing = new ConcurrentHashMap<>();
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final Set<Incoming> incoming = ConcurrentHashMap.newKeySet();

    private Endpoint(ServerSocketChannel server, Address address, Security security, Receiver receiver) {
        this.server = server;
        this.address = address;
        this.security = security;
        this.receiver = receiver;
    }

    /**
     * Listens on a free port.
     *
     * @param host
     *            name or number of this machine by which others reach it
     * @throws IOException
     *             if it cannot
     */
    public static Endpoint listen(String host, Security security, Receiver receiver) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BYTES);
        server.bind(new InetSocketAddress(host, 0));
        byte[] token = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(token);
        Endpoint endpoint = new Endpoint(server, new Address(host,
                ((InetSocketAddress) server.getLocalAddress()).getPort(), HexFormat.of().formatHex(token)), security,
                receiver);
        Thread.ofPlatform().daemon().name("connections to " + endpoint.address).start(endpoint::accept);
        return endpoint;
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                Incoming from = new Incoming(this, server.accept());
                // First, as it may end as soon as it has begun.
                incoming.add(from);
                from.start();
            } catch (IOException e) {
                if (server.isOpen()) {
                    LOG.warn("a connection failed", e);
                }
            }
        }
    }

    public Address address() {
        return address;
    }

    Security security() {
        return security;
    }

    Receiver receiver() {
        return receiver;
    }

    /** Bytes sent so far, frames included. */
    public long sent() {
        return sent.sum();
    }

    /** Bytes received so far, frames included. */
    public long received() {
        return received.sum();
    }

    void count(Frame frame, boolean outgoing) {
        (outgoing ? sent : received).add(Frame.SIZE + frame.bytes());
    }

    /** Memory for so many bytes. */
    TensorArena buffer(long bytes) {
        return bytes == 0 ? NOTHING : buffers.take(bytes);
    }

    /** Memory for so many bytes that are to go to a peer, which reads them right there if it can; {@link #giveBack} ends the loan. */
    public TensorArena buffer(Address to, long bytes) {
        return bytes > Outgoing.SMALL && bytes <= SharedMemory.SLOT
                ? way(to).slot().orElseGet(() -> buffer(bytes))
                : buffer(bytes);
    }

    /** Ends a loan. */
    public void giveBack(TensorArena buffer) {
        SharedMemory memory = shared.get(buffer);
        if (memory == null) {
            if (buffer != NOTHING) {
                buffers.giveBack(buffer);
            }
        } else if (memory.free(buffer)) {
            shared.remove(buffer);
        }
    }

    void share(SharedMemory memory) {
        memory.slots().forEach(slot -> shared.put(slot, memory));
    }

    void unshare(SharedMemory memory) {
        memory.end().forEach(shared::remove);
    }

    /** Sends a frame that no bytes follow. */
    public void send(Address to, Frame frame) {
        send(to, frame, NOTHING);
    }

    /**
     * Sends a frame and the first bytes of a buffer, which goes back to the endpoint. Comes back at once; if the peer cannot
     * be reached, the receiver is told that it is lost.
     */
    public void send(Address to, Frame frame, TensorArena body) {
        way(to).send(frame, body);
    }

    /**
     * Does the same in this very thread if that takes no longer than to wake another. For threads that nobody interrupts: a socket
     * that an interrupted thread writes to is closed.
     */
    public void sendNow(Address to, Frame frame, TensorArena body) {
        way(to).sendNow(frame, body);
    }

    private Outgoing way(Address to) {
        return outgoing.computeIfAbsent(to, peer -> new Outgoing(this, peer));
    }

    /** Sends a frame and the bytes that follow it. */
    public void send(Address to, Frame frame, byte[] bytes) {
        TensorArena body = buffer(to, bytes.length);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, body.segment(), 0, bytes.length);
        send(to, frame, body);
    }

    /** Takes the bytes that have come with a frame, and gives their buffer back. */
    public byte[] take(Frame frame, TensorArena body) {
        byte[] bytes = body.segment().asSlice(0, frame.bytes()).toArray(ValueLayout.JAVA_BYTE);
        giveBack(body);
        return bytes;
    }

    /** Hangs up on a peer. */
    public void forget(Address peer) {
        Outgoing way = outgoing.remove(peer);
        if (way != null) {
            way.close();
        }
    }

    void lost(Address peer) {
        forget(peer);
        receiver.lost(peer);
    }

    void ended(Incoming from) {
        incoming.remove(from);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            LOG.debug("closing {}", address, e);
        }
        Set.copyOf(outgoing.keySet()).forEach(this::forget);
        incoming.forEach(Incoming::close);
        buffers.close();
    }
}

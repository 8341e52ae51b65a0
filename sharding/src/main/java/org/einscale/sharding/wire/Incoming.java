package org.einscale.sharding.wire;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.einscale.tensor.memory.TensorArena;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one peer sends, read by a thread of its own right into the memory where it is wanted. */
final class Incoming implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Incoming.class);
    private static final int BUFFER = 64 << 10;
    private static final long GREETING_SECONDS = 5;

    private final Endpoint endpoint;
    private final SocketChannel socket;
    private final String where;
    private Optional<SharedMemory> shared = Optional.empty();
    private volatile @Nullable Address peer;

    Incoming(Endpoint endpoint, SocketChannel socket) throws IOException {
        this.endpoint = endpoint;
        this.socket = socket;
        this.where = String.valueOf(socket.getRemoteAddress());
    }

    void start() {
        Thread.ofPlatform().daemon().name("from " + where).start(this::work);
        CompletableFuture.delayedExecutor(GREETING_SECONDS, TimeUnit.SECONDS).execute(() -> {
            if (peer == null && socket.isOpen()) {
                LOG.warn("dropped {}: it did not say within {} s who it is", where, GREETING_SECONDS);
                close();
            }
        });
    }

    private void work() {
        try (socket) {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            ByteChannel channel = endpoint.security().server(socket);
            Hello.Greeting greeting = Hello.hear(channel, endpoint.address());
            peer = greeting.from();
            share(greeting, channel);
            read(channel, greeting.from());
        } catch (ProtocolException e) {
            LOG.warn("dropped {}: {}", where, e.getMessage());
        } catch (IOException e) {
            if (peer == null) {
                LOG.warn("dropped {}: it did not say who it is: {}", where, e.toString());
            } else {
                LOG.info("{} is gone: {}", where, e.toString());
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.warn("dropped {}", where, e);
        } finally {
            endpoint.ended(this);
            shared.ifPresent(endpoint::unshare);
            Address known = peer;
            if (known != null) {
                endpoint.lost(known);
            }
        }
    }

    private void share(Hello.Greeting greeting, ByteChannel channel) throws IOException {
        if (!greeting.memory().isEmpty()) {
            shared = SharedMemory.of(greeting.memory());
            shared.ifPresent(endpoint::share);
            Hello.answer(channel, shared.isPresent());
        }
    }

    private void read(ByteChannel channel, Address from) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).flip();
        while (true) {
            if (!fill(buffer, Frame.SIZE, channel)) {
                return;
            }
            int slot = Frame.slot(buffer);
            Frame frame = Frame.get(buffer);
            switch (endpoint.receiver().judge(frame)) {
                case WANTED -> {
                    TensorArena body = slot == 0
                            ? read(frame.bytes(), buffer, channel)
                            : received(slot, frame.bytes());
                    endpoint.count(frame, false);
                    endpoint.receiver().received(from, frame, body);
                }
                case LATE -> {
                    if (slot == 0) {
                        skip(frame.bytes(), buffer, channel);
                    } else {
                        endpoint.giveBack(received(slot, frame.bytes()));
                    }
                    endpoint.count(frame, false);
                }
                case SENSELESS -> throw new ProtocolException("it sent " + frame + ", which nobody here expects");
            }
        }
    }

    private TensorArena received(int slot, long bytes) throws ProtocolException {
        if (shared.isEmpty() || bytes > SharedMemory.SLOT) {
            throw new ProtocolException("it sent what is no frame");
        }
        return shared.get().received(slot);
    }

    private TensorArena read(long bytes, ByteBuffer buffer, ByteChannel channel) throws IOException {
        TensorArena body = endpoint.buffer(bytes);
        try {
            read(buffer, body.segment().asSlice(0, bytes).asByteBuffer(), channel);
        } catch (IOException e) {
            endpoint.giveBack(body);
            throw e;
        }
        return body;
    }

    private static void skip(long bytes, ByteBuffer buffer, ByteChannel channel) throws IOException {
        long left = bytes;
        while (left > buffer.remaining()) {
            left -= buffer.remaining();
            if (channel.read(buffer.clear()) < 0) {
                throw new EOFException("it hung up in the midst of a body");
            }
            buffer.flip();
        }
        buffer.position(buffer.position() + (int) left);
    }

    /** Reads until there are so many bytes; false if the peer has hung up and there are none. */
    private static boolean fill(ByteBuffer buffer, int bytes, ByteChannel channel) throws IOException {
        if (buffer.remaining() >= bytes) {
            return true;
        }
        buffer.compact();
        while (buffer.position() < bytes) {
            if (channel.read(buffer) < 0) {
                if (buffer.position() == 0) {
                    return false;
                }
                throw new EOFException("it hung up in the midst of a frame");
            }
        }
        buffer.flip();
        return true;
    }

    private static void read(ByteBuffer buffer, ByteBuffer body, ByteChannel channel) throws IOException {
        int there = Math.min(buffer.remaining(), body.remaining());
        body.put(buffer.slice(buffer.position(), there));
        buffer.position(buffer.position() + there);
        while (body.hasRemaining()) {
            if (channel.read(body) < 0) {
                throw new EOFException("it hung up in the midst of a body");
            }
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing {}", where, e);
        }
    }
}

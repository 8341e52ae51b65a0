package org.einscale.bench.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/** Two ends of a plain connection to this machine, each with a thread that does nothing else. */
final class Loopback implements AutoCloseable {
    private final SocketChannel near;
    private final SocketChannel far;
    private final ByteBuffer[] buffers = new ByteBuffer[4];

    /** @param most bytes that are sent at once */
    Loopback(int most) throws IOException {
        Arrays.setAll(buffers, _ -> ByteBuffer.allocateDirect(most));
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0))) {
            near = SocketChannel.open(server.getLocalAddress());
            far = server.accept();
        }
        for (SocketChannel end : new SocketChannel[]{near, far}) {
            end.setOption(StandardSocketOptions.TCP_NODELAY, true);
            end.setOption(StandardSocketOptions.SO_SNDBUF, 4 << 20);
            end.setOption(StandardSocketOptions.SO_RCVBUF, 4 << 20);
        }
    }

    /** Sends so many bytes both ways at the same time. */
    void exchange(int bytes) {
        CompletableFuture.allOf(start(() -> move(near, 0, bytes, true)), start(() -> move(near, 1, bytes, false)),
                start(() -> move(far, 2, bytes, true)), start(() -> move(far, 3, bytes, false))).join();
    }

    /** Sends so many bytes there and as many back, again and again. */
    void roundTrips(int bytes, int times) {
        CompletableFuture<Void> answers = start(() -> {
            for (int i = 0; i < times; i++) {
                move(far, 2, bytes, false);
                move(far, 2, bytes, true);
            }
        });
        for (int i = 0; i < times; i++) {
            move(near, 0, bytes, true);
            move(near, 0, bytes, false);
        }
        answers.join();
    }

    private static CompletableFuture<Void> start(Runnable work) {
        return CompletableFuture.runAsync(work, thread -> Thread.ofPlatform().start(thread));
    }

    private void move(SocketChannel end, int buffer, int bytes, boolean out) {
        ByteBuffer moved = buffers[buffer].clear().limit(bytes);
        try {
            while (moved.hasRemaining()) {
                if ((out ? end.write(moved) : end.read(moved)) < 0) {
                    throw new IOException("the other end has hung up");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        near.close();
        far.close();
    }
}

package org.einscale.experiments.cluster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands between processes, and keeps what was sent through it to a port, a connection each. */
final class Tap implements AutoCloseable {
    private final ServerSocket server;
    private final int target;
    private final List<ByteArrayOutputStream> heard = new CopyOnWriteArrayList<>();

    /**
     * Listens on a free port of this machine.
     *
     * @param target
     *            port of this machine that everything goes on to
     */
    Tap(int target) throws IOException {
        this.server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        this.target = target;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** What was sent so far. */
    List<byte[]> heard() {
        return heard.stream().map(ByteArrayOutputStream::toByteArray).filter(bytes -> bytes.length > 0).toList();
    }

    private void accept() {
        try {
            while (true) {
                Socket from = server.accept();
                Socket to = new Socket(server.getInetAddress(), target);
                ByteArrayOutputStream kept = new ByteArrayOutputStream();
                heard.add(kept);
                Thread.ofVirtual().start(() -> pass(from, to, kept));
                Thread.ofVirtual().start(() -> pass(to, from, OutputStream.nullOutputStream()));
            }
        } catch (IOException closed) {
            // Nobody listens any more.
        }
    }

    private static void pass(Socket from, Socket to, OutputStream kept) {
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                kept.write(buffer, 0, read);
                out.write(buffer, 0, read);
            }
        } catch (SocketException ended) {
            // Either end may hang up.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}

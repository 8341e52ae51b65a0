package org.einscale.sharding.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Collections;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * What a process proves who it is with, and knows others by: TLS 1.3 in which both ends show a certificate. A file in PKCS #12
 * holds a private key with its certificate, and certificates of further authorities. A peer is trusted if its certificate
 * comes from one of those, or from the end of the own one's chain. Where all processes have the same file, its key is their
 * shared secret.
 */
public final class Credentials implements Security {
    private static final String PROTOCOL = "TLSv1.3";

    private final SSLContext context;

    private Credentials(SSLContext context) {
        this.context = context;
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException
     *             in one line, if it cannot be read or holds no private key
     */
    public static Credentials read(Path file, char[] password) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            own.init(store, password);
            TrustManagerFactory others = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            others.init(authorities(store, file));
            SSLContext context = SSLContext.getInstance(PROTOCOL);
            context.init(own.getKeyManagers(), others.getTrustManagers(), null);
            return new Credentials(context);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(file + ": expected a private key and its certificate in PKCS #12: "
                    + (e.getMessage() == null ? e.toString() : e.getMessage()), e);
        }
    }

    private static KeyStore authorities(KeyStore store, Path file) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        boolean key = false;
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                key = true;
                Certificate[] chain = store.getCertificateChain(alias);
                trusted.setCertificateEntry(alias, chain[chain.length - 1]);
            } else {
                trusted.setCertificateEntry(alias, store.getCertificate(alias));
            }
        }
        if (!key) {
            throw new IllegalArgumentException(file + ": holds certificates only; expected a private key too");
        }
        return trusted;
    }

    /** For other channels that are to be as safe. */
    public SSLContext context() {
        return context;
    }

    /** That both ends show a certificate, in the one version of the protocol. */
    public static SSLParameters parameters() {
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(new String[]{PROTOCOL});
        parameters.setNeedClientAuth(true);
        return parameters;
    }

    @Override
    public ByteChannel client(SocketChannel socket) throws IOException {
        return shaken(socket, true);
    }

    @Override
    public ByteChannel server(SocketChannel socket) throws IOException {
        return shaken(socket, false);
    }

    private ByteChannel shaken(SocketChannel plain, boolean client) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain.socket(),
                plain.socket().getInetAddress().getHostAddress(),
                plain.socket().getPort(), true);
        socket.setUseClientMode(client);
        socket.setSSLParameters(parameters());
        socket.startHandshake();
        return new Channel(plain, Channels.newChannel(socket.getInputStream()),
                Channels.newChannel(socket.getOutputStream()));
    }

    private record Channel(SocketChannel socket, ReadableByteChannel in,
            WritableByteChannel out) implements ByteChannel {
        @Override
        public int read(ByteBuffer to) throws IOException {
            return in.read(to);
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            return out.write(from);
        }

        @Override
        public boolean isOpen() {
            return socket.isOpen();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}

package org.einscale.sharding.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file that goes from one process to another, piece by piece, as the other asks for them.
 *
 * @param file
 *            where it is here, or is to be
 * @param hash
 *            SHA-256 of its bytes, in hexadecimal
 */
public record Parcel(Path file, long bytes, String hash) {
    static final int PIECE = 1 << 20;
    private static final int BUFFER = 1 << 16;

    /** Asks for a piece and waits for it. */
    @FunctionalInterface
    interface Asking {
        byte[] piece(int number) throws InterruptedException;
    }

    /**
     * A file that is here.
     *
     * @throws UncheckedIOException
     *             if it cannot be read
     */
    public static Parcel of(Path file) {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            byte[] buffer = new byte[BUFFER];
            long bytes = 0;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes += read;
            }
            return new Parcel(file, bytes, HexFormat.of().formatHex(digest.digest()));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Number of its pieces, of which the last may be shorter. */
    int pieces() {
        return Math.toIntExact((bytes + PIECE - 1) / PIECE);
    }

    /** What a piece holds. */
    byte[] piece(int number) throws IOException {
        long start = (long) number * PIECE;
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, bytes - start));
        try (FileChannel channel = FileChannel.open(file)) {
            while (piece.hasRemaining() && channel.read(piece, start + piece.position()) >= 0) {
                continue;
            }
        }
        return piece.array();
    }

    /** Gets the file from where it is. It appears whole or not at all. */
    void receive(Asking asking) throws IOException, InterruptedException {
        Path neighbour = file.resolveSibling(file.getFileName() + ".new");
        MessageDigest digest = sha256();
        try (FileChannel channel = FileChannel.open(neighbour, StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (int i = 0; i < pieces(); i++) {
                ByteBuffer piece = ByteBuffer.wrap(asking.piece(i));
                digest.update(piece.duplicate());
                while (piece.hasRemaining()) {
                    channel.write(piece);
                }
            }
            channel.force(true);
        }
        if (!HexFormat.of().formatHex(digest.digest()).equals(hash)) {
            throw new IOException(file.getFileName() + " is not what was sent");
        }
        Files.move(neighbour, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}

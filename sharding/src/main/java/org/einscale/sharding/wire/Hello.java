package org.einscale.sharding.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * What a process says when it has connected to another: that it speaks this protocol, the other's token, and where it can
 * itself be reached, and what memory they may have in common. Nothing else is read from a peer before that.
 */
final class Hello {
    private static final long MAGIC = 0x45494E5343414C45L;
    private static final int VERSION = 2;
    private static final int MOST = 1024;
    private static final String GAP = "\n";
    private static final int WORDS = 5;

    /**
     * Who has connected.
     *
     * @param memory
     *            name of the {@link SharedMemory} that it offers; empty if it does not, or else it waits for an answer
     */
    record Greeting(Address from, String memory) {}

    private Hello() {
    }

    static void say(ByteChannel channel, Address to, Greeting self) throws IOException {
        Address from = self.from();
        byte[] text = String
                .join(GAP, to.token(), from.host(), Integer.toString(from.port()), from.token(), self.memory())
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocate(16 + text.length);
        buffer.putLong(MAGIC).putInt(VERSION).putInt(text.length).put(text).flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /**
     * Reads who has connected.
     *
     * @throws ProtocolException
     *             if it is none that may
     */
    static Greeting hear(ByteChannel channel, Address self) throws IOException {
        ByteBuffer head = read(channel, 16);
        if (head.getLong() != MAGIC) {
            throw new ProtocolException("it does not speak Einscale's protocol");
        }
        int version = head.getInt();
        int length = head.getInt();
        if (version != VERSION) {
            throw new ProtocolException("it speaks version " + version + " of the protocol, this is " + VERSION);
        }
        if (length < 0 || length > MOST) {
            throw new ProtocolException("its greeting has " + length + " bytes; expected at most " + MOST);
        }
        String[] words = StandardCharsets.UTF_8.decode(read(channel, length)).toString().split(GAP, -1);
        if (words.length != WORDS || !words[2].matches("\\d{1,5}")
                || !MessageDigest.isEqual(words[0].getBytes(StandardCharsets.UTF_8),
                        self.token().getBytes(StandardCharsets.UTF_8))) {
            throw new ProtocolException("it is no member of the cluster");
        }
        return new Greeting(new Address(words[1], Integer.parseInt(words[2]), words[3]), words[4]);
    }

    /** Says whether the memory that was offered can be had. */
    static void answer(ByteChannel channel, boolean shared) throws IOException {
        channel.write(ByteBuffer.wrap(new byte[]{(byte) (shared ? 1 : 0)}));
    }

    /** Hears whether the peer can have the memory that it was offered. */
    static boolean answer(ByteChannel channel) throws IOException {
        return read(channel, 1).get() == 1;
    }

    private static ByteBuffer read(ByteChannel channel, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new ProtocolException("it hung up before it had said who it is");
            }
        }
        return buffer.flip();
    }
}

package org.einscale.trainer.text;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over a sequence of parts. Each part counts with its length, so moving a boundary changes the result. */
public final class Fingerprint {
    private final MessageDigest digest;
    private final ByteBuffer length = ByteBuffer.allocate(Long.BYTES);

    Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** That of some texts. */
    public static String of(String... parts) {
        Fingerprint fingerprint = new Fingerprint();
        for (String part : parts) {
            fingerprint.add(part);
        }
        return fingerprint.hex();
    }

    Fingerprint add(byte[] part) {
        digest.update(length.clear().putLong(part.length).flip());
        digest.update(part);
        return this;
    }

    Fingerprint add(String part) {
        return add(Utf8.bytes(part));
    }

    /** 64 lower-case hexadecimal digits. Ends the fingerprint. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}

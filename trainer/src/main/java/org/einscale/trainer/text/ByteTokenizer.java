package org.einscale.trainer.text;

import java.util.Locale;

/** Every UTF-8 byte is a token: vocabulary 256, nothing to train. */
public record ByteTokenizer() implements Tokenizer {
    @Override
    public String name() {
        return "bytes";
    }

    @Override
    public int vocabulary() {
        return 256;
    }

    @Override
    public int[] encode(String text) {
        byte[] bytes = Utf8.bytes(text);
        int[] tokens = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            tokens[i] = Byte.toUnsignedInt(bytes[i]);
        }
        return tokens;
    }

    @Override
    public byte[] bytes(int token) {
        if (token < 0 || token >= vocabulary()) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "no token %d: bytes have tokens 0 to 255", token));
        }
        return new byte[]{(byte) token};
    }

    @Override
    public String fingerprint() {
        return new Fingerprint().add(name()).hex();
    }
}

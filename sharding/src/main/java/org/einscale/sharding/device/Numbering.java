package org.einscale.sharding.device;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.pipeline.Pipeline;

/** What processes that have split the same program by themselves call its values, and how they find out whether it is the same. */
final class Numbering {
    private Numbering() {
    }

    /** Inputs, states and outputs of the whole program, in an order that follows from the program alone. */
    static List<Value> values(Pipeline pipeline) {
        return pipeline.stages().stream().flatMap(stage -> stage.values().keySet().stream()).distinct().toList();
    }

    /** SHA-256 of what all devices run, in hexadecimal. */
    static String digest(Pipeline pipeline) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Partition stage : pipeline.stages()) {
                stage.values().forEach((whole, _) -> update(digest, whole + " " + whole.axes().stream()
                        .map(axis -> String.valueOf(stage.sizes().of(axis))).collect(Collectors.joining(" "))));
                update(digest, stage.local().toString());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void update(MessageDigest digest, String line) {
        digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}

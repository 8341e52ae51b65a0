package org.einscale.experiments.cluster;

import java.util.regex.Pattern;
import org.einscale.experiments.UserError;

/** Where a node is joined, as {@code host:port}. */
public final class HostPort {
    private static final Pattern FORM = Pattern.compile("(\\[[0-9a-fA-F:]+\\]|[^:\\s]+):(\\d{1,5})");

    private HostPort() {
    }

    /**
     * Refuses what is none.
     *
     * @throws UserError
     *             naming it
     */
    public static void require(String text) {
        if (!FORM.matcher(text).matches() || port(text) > 65535 || port(text) == 0) {
            throw new UserError("'" + text + "' is no node; expected HOST:PORT, for example 127.0.0.1:25520");
        }
    }

    public static String host(String text) {
        return text.substring(0, text.lastIndexOf(':'));
    }

    public static int port(String text) {
        return Integer.parseInt(text.substring(text.lastIndexOf(':') + 1));
    }
}

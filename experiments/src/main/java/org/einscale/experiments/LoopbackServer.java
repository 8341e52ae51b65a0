package org.einscale.experiments;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers GET of a few paths over HTTP, to processes of this machine alone: it listens on the loopback address, and what a page of
 * another site has a browser ask in its name is refused by the name that it asks for.
 */
public final class LoopbackServer implements AutoCloseable {
    private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private final HttpServer server;

    /**
     * What is found under a path.
     *
     * @param type of the content
     * @param text made for each request; what it throws is the answer 500
     */
    public record Page(String type, Supplier<String> text) {}

    /** An answer. */
    private record Answer(int status, String type, String text) {
        static Answer refusal(int status, String text) {
            return new Answer(status, "text/plain; charset=utf-8", text + "\n");
        }
    }

    /**
     * Begins to answer.
     *
     * @param port 0 for a free one
     * @param pages by their paths, each beginning with a slash
     * @throws IOException if the port cannot be used
     */
    public LoopbackServer(int port, Map<String, Page> pages) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                send(exchange, answer(exchange, pages));
            }
        });
        server.start();
    }

    /** Where it answers. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    private static Answer answer(HttpExchange exchange, Map<String, Page> pages) {
        if (!OWN_NAMES.contains(host(exchange))) {
            return Answer.refusal(403, "for this machine only, by the name of localhost or 127.0.0.1");
        }
        @Nullable
        Page page = pages.get(exchange.getRequestURI().getPath());
        if (page == null) {
            return Answer.refusal(404, "there is nothing here; expected " + String.join(", ", pages.keySet()));
        }
        if (!exchange.getRequestMethod().equals("GET")) {
            return Answer.refusal(405, "expected GET, found " + exchange.getRequestMethod());
        }
        try {
            return new Answer(200, page.type(), page.text().get());
        } catch (RuntimeException failed) {
            return Answer.refusal(500, Failure.describe(failed));
        }
    }

    /** The name that is asked for, without the port; this machine's where there is none, as browsers always give one. */
    private static String host(HttpExchange exchange) {
        @Nullable
        String host = exchange.getRequestHeaders().getFirst("Host");
        return host == null ? "localhost" : host.replaceFirst(":\\d+$", "");
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] bytes = answer.text().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

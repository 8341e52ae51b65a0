package org.einscale.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoopbackServerTest {
    private static final Map<String, LoopbackServer.Page> PAGES = Map.of("/",
            new LoopbackServer.Page("text/plain", () -> "hello"), "/broken",
            new LoopbackServer.Page("text/plain", () -> {
                throw new UserError("runs.csv: gone");
            }));

    /** What a server says to a request as it is, which no client has tidied up. */
    private static String answer(String request, String host) throws IOException {
        try (LoopbackServer server = new LoopbackServer(0, PAGES);
                Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
            socket.getOutputStream().write((request + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @CsvSource({"GET /, localhost, 200", "GET /?a=b, 127.0.0.1:8080, 200", "GET /, [::1]:8080, 200",
        "GET /, evil.example, 403", "GET /, 127.0.0.1.evil.example, 403", "GET /other, localhost, 404",
        "GET /../../etc/passwd, localhost, 404", "GET /%2e%2e/%2e%2e/etc/passwd, localhost, 404",
        "GET /./, localhost, 404", "GET /broken/, localhost, 404", "POST /, localhost, 405",
        "GET /broken, localhost, 500"})
    void onlyWhatIsThereIsAnsweredAndOnlyToThisMachine(String request, String host, int status) throws IOException {
        assertThat(answer(request, host)).startsWith("HTTP/1.1 " + status + " ")
                .endsWith(Map.of(200, "hello", 403, "127.0.0.1\n", 500, "runs.csv: gone\n", 405, "found POST\n")
                        .getOrDefault(status, "\n"));
    }

    @Test
    void itListensOnTheLoopbackAddress() throws IOException {
        try (LoopbackServer server = new LoopbackServer(0, PAGES)) {
            assertThat(server.address().getAddress().isLoopbackAddress()).isTrue();
        }
    }

    @Test
    void aPortThatIsTakenIsTold(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("resolved.conf"), "");
        StringWriter err = new StringWriter();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Main.commandLine().setErr(new PrintWriter(err)).execute("watch", folder.toString(), "--port",
                    Integer.toString(taken.getLocalPort()))).isEqualTo(2);
            assertThat(err.toString()).startsWith("einscale: --port " + taken.getLocalPort() + " cannot be used: ");
        }
    }
}

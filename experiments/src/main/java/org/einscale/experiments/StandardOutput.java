package org.einscale.experiments;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Standard output that ends the process when its reader has gone, as in {@code einscale --help | head -1}: silently, and
 * with the exit code of a process that SIGPIPE ends. Other failures, such as a full disk, are the writer's to tell.
 */
final class StandardOutput extends FilterOutputStream {
    private static final int ENDED_BY_SIGPIPE = 128 + 13;
    private static final Path ON_LINUX = Path.of("/proc/self/fd/1");

    private StandardOutput(OutputStream out) {
        super(out);
    }

    /** Buffered, in the encoding of the terminal or locale. */
    static PrintWriter writer() {
        OutputStream out = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        return new PrintWriter(new OutputStreamWriter(out, Charset.forName(System.getProperty("stdout.encoding"))));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException failed) {
            if (isBrokenPipe(failed)) {
                System.exit(ENDED_BY_SIGPIPE);
            }
            throw failed;
        }
    }

    /** The system's message may be in any language; but where a pipe fails, its reader has gone. */
    private static boolean isBrokenPipe(IOException failed) {
        return String.valueOf(failed.getMessage()).toLowerCase(Locale.ROOT).contains("broken pipe") || isPipe();
    }

    private static boolean isPipe() {
        try {
            return Files.readSymbolicLink(ON_LINUX).toString().startsWith("pipe:");
        } catch (IOException notOnThisSystem) {
            return false;
        }
    }
}

package org.einscale.trainer;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a model learns, in a file: all that another process needs to train on the same, text and tokenizer included. */
public final class DataFile {
    private static final String FORMAT = "einscale data 1";
    private static final String TEXT = "text";
    private static final String TASK = "task";

    private DataFile() {
    }

    /**
     * Writes a file; the same one for the same data.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public static void write(TrainingData data, Path file) {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeUTF(FORMAT);
            switch (data) {
                case TextData text -> {
                    out.writeUTF(TEXT);
                    text.write(out);
                }
                case TaskData task -> {
                    out.writeUTF(TASK);
                    task.write(out);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException in one line, if it is none
     */
    public static TrainingData read(Path file) {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            if (in.readUTF().equals(FORMAT)) {
                String kind = in.readUTF();
                if (kind.equals(TEXT)) {
                    return TextData.read(in);
                }
                if (kind.equals(TASK)) {
                    return TaskData.read(in);
                }
            }
            throw new IOException("it is of another format");
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " holds nothing to learn: " + e.getMessage(), e);
        }
    }
}

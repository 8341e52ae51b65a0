package org.einscale.trainer.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads a text file or a folder of them into a corpus. */
final class TextFiles {
    private static final List<String> ENDINGS = List.of(".txt", ".text", ".md", ".markdown", ".rst", ".adoc", ".org",
            ".tex");
    private static final int LARGEST = Integer.MAX_VALUE - 8;
    private static final Pattern BLANK_LINES = Pattern.compile("\\n\\s*\\n");
    private static final Pattern LINE_END = Pattern.compile("\\r\\n?");
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private TextFiles() {
    }

    static Corpus read(Path path) {
        if (!Files.exists(path)) {
            throw new IllegalArgumentException(missing(path));
        }
        List<String> texts = new ArrayList<>();
        for (Path file : Files.isDirectory(path) ? filesIn(path) : List.of(path)) {
            texts.add(text(file));
        }
        boolean paragraphs = texts.stream().anyMatch(text -> BLANK_LINES.matcher(text.strip()).find());
        List<String> documents = texts.stream().flatMap(paragraphs ? BLANK_LINES::splitAsStream : String::lines)
                .filter(document -> !document.isBlank()).map(TextFiles::trim).toList();
        return Corpus.of(path.toString(), paragraphs ? "\n\n" : "\n", documents);
    }

    private static List<Path> filesIn(Path folder) {
        try (Stream<Path> walk = Files.walk(folder)) {
            List<Path> files = walk.filter(Files::isRegularFile).filter(file -> isText(folder.relativize(file)))
                    .sorted(Comparator.comparing(file -> folder.relativize(file).toString().replace('\\', '/')))
                    .toList();
            if (files.isEmpty()) {
                throw new IllegalArgumentException("the folder %s holds no text file: expected names ending in %s"
                        .formatted(folder, String.join(", ", ENDINGS)));
            }
            return files;
        } catch (IOException | UncheckedIOException e) {
            throw new IllegalArgumentException(unreadable(folder, e), e);
        }
    }

    /** Whether the name says text and neither the file nor a folder on the way to it is hidden. */
    private static boolean isText(Path inFolder) {
        for (Path name : inFolder) {
            if (name.toString().startsWith(".")) {
                return false;
            }
        }
        String name = inFolder.toString().toLowerCase(Locale.ROOT);
        return ENDINGS.stream().anyMatch(name::endsWith);
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new IllegalArgumentException(
                        String.format(Locale.ROOT,
                                "%s has %,d bytes, more than the %,d that a run can hold; use less text", file,
                                Files.size(file), LARGEST));
            }
            String text = Utf8.strict(Files.readAllBytes(file), file);
            String marked = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
            return LINE_END.matcher(marked).replaceAll("\n");
        } catch (IOException e) {
            throw new IllegalArgumentException(unreadable(file, e), e);
        }
    }

    /** Without white space at the end and blank lines at the start; the indentation of the first line stays. */
    private static String trim(String document) {
        String text = document.stripTrailing();
        int start = 0;
        for (int i = 0; Character.isWhitespace(text.charAt(i)); i++) {
            start = text.charAt(i) == '\n' ? i + 1 : start;
        }
        return text.substring(start);
    }

    private static String missing(Path path) {
        return "no such file or folder: %s%s".formatted(path, path.isAbsolute()
                ? ""
                : " (a path relative to %s)".formatted(Path.of("").toAbsolutePath()));
    }

    /** Why a file could not be read, in one line. */
    static String unreadable(Path path, Exception e) {
        Throwable reason = e instanceof UncheckedIOException && e.getCause() != null ? e.getCause() : e;
        return switch (reason) {
            case NoSuchFileException gone -> missing(path);
            case AccessDeniedException denied -> "cannot read %s: permission denied".formatted(denied.getFile());
            default -> "cannot read %s: %s".formatted(path, reason.getMessage());
        };
    }
}

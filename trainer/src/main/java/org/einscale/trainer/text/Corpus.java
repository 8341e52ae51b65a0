package org.einscale.trainer.text;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.einscale.tensor.random.Philox;

/**
 * Documents in a fixed order. Each document ends with the corpus's separator (a line break, or an empty line), which is
 * part of its text: laid end to end, the documents are again readable text, and a model can learn where one ends.
 * Immutable.
 */
public final class Corpus {
    /** Two corpora that share no document, neither empty. */
    public record Split(Corpus training, Corpus validation) {}

    private final String source;
    private final String separator;
    private final List<String> documents;
    private final String checksum;
    private final long bytes;

    private Corpus(String source, String separator, List<String> documents) {
        this.source = source;
        this.separator = separator;
        this.documents = List.copyOf(documents);
        var fingerprint = new Fingerprint();
        long sum = 0;
        for (String document : documents) {
            byte[] utf8 = Utf8.bytes(document);
            fingerprint.add(utf8);
            sum += utf8.length;
        }
        this.checksum = fingerprint.hex();
        this.bytes = sum;
    }

    /**
     * The corpus of these documents, each given without the separator, which is put after it.
     *
     * @param source where the text comes from, for reports and messages
     * @throws IllegalArgumentException if there is no document
     */
    public static Corpus of(String source, String separator, List<String> documents) {
        if (documents.isEmpty()) {
            throw new IllegalArgumentException(source + " holds no text: expected at least one line that is not blank");
        }
        return new Corpus(source, separator, documents.stream().map(document -> document + separator).toList());
    }

    /**
     * The glosses of WordNet 3.1 as dictionary entries, {@code headword: gloss}, one a line: about 118,000 documents and
     * 10 MB of English. The headword is the first word of the synset. Equal entries are kept once.
     * WordNet's licence is in the resource {@code META-INF/NOTICE-WordNet.txt}.
     */
    public static Corpus wordNet() {
        return WordNet.read();
    }

    /**
     * The text of a file, or of all text files in a folder and the folders below it, in the order of their paths. The
     * documents are the paragraphs, which blank lines end; where there are no blank lines they are the lines.
     *
     * @throws IllegalArgumentException in one line if the path is missing or unreadable, holds no text, or is not UTF-8
     */
    public static Corpus of(Path path) {
        return TextFiles.read(path);
    }

    /** Where the text comes from. */
    public String source() {
        return source;
    }

    /** What each document ends with. */
    public String separator() {
        return separator;
    }

    /** The documents, each with its separator. */
    public List<String> documents() {
        return documents;
    }

    /** SHA-256, in hexadecimal, of the documents and of where each ends. */
    public String checksum() {
        return checksum;
    }

    /** Length of all documents in UTF-8, separators included. */
    public long bytes() {
        return bytes;
    }

    /**
     * Holds documents out: each gets a random number in [0, 1) from the seed and its index, and those below the fraction
     * go to validation; so a larger fraction holds out the same documents and more. Where that leaves one side empty, the
     * document with the lowest number is held out, or the one with the highest trained on. A single document is cut
     * instead: the fraction at its end is held out. So both sides always hold text. Copies of a document go where the
     * first goes (and are cut alike), so nothing held out is also trained on. The order of documents is kept.
     *
     * @param validationFraction between 0 and 1, both excluded
     * @throws IllegalArgumentException if the fraction is out of range, or there is no more text than a single character
     */
    public Split split(double validationFraction, long seed) {
        if (!(validationFraction > 0 && validationFraction < 1)) {
            throw new IllegalArgumentException(
                    "validation fraction %s: expected a number above 0 and below 1".formatted(validationFraction));
        }
        Map<String, Double> draws = draws(seed);
        if (draws.size() == 1) {
            return cut(validationFraction);
        }
        ToDoubleFunction<String> draw = document -> draws.getOrDefault(document, 1.0);
        Comparator<String> byDraw = Comparator.comparingDouble(draw).thenComparing(Comparator.naturalOrder());
        String lowest = Collections.min(draws.keySet(), byDraw);
        String highest = Collections.max(draws.keySet(), byDraw);
        Predicate<String> heldOut = document -> document.equals(lowest)
                || draw.applyAsDouble(document) < validationFraction && !document.equals(highest);
        return split(documents.stream().filter(heldOut.negate()).toList(), documents.stream().filter(heldOut).toList());
    }

    /** A random number for each different document, by the index of its first copy. */
    private Map<String, Double> draws(long seed) {
        Philox random = Philox.of(seed, "held-out documents");
        Map<String, Double> draws = HashMap.newHashMap(documents.size());
        for (int i = 0; i < documents.size(); i++) {
            draws.putIfAbsent(documents.get(i), random.uniform(i));
        }
        return draws;
    }

    /** Cuts the one document, which may have copies, between two characters. */
    private Split cut(double validationFraction) {
        String document = documents.getFirst();
        int characters = document.codePointCount(0, document.length());
        if (characters < 2) {
            throw new IllegalArgumentException(
                    source + " holds a single character: expected at least two, one to train on and one to hold out");
        }
        long heldOut = Math.clamp(Math.round(validationFraction * characters), 1, characters - 1);
        int end = document.offsetByCodePoints(document.length(), (int) -heldOut);
        return split(Collections.nCopies(documents.size(), document.substring(0, end)),
                Collections.nCopies(documents.size(), document.substring(end)));
    }

    private Split split(List<String> training, List<String> validation) {
        return new Split(new Corpus(source + ", training part", separator, training),
                new Corpus(source + ", validation part", separator, validation));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s: %,d documents, %,d bytes", source, documents.size(), bytes);
    }
}

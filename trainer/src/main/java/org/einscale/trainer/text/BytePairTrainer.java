package org.einscale.trainer.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.regex.Matcher;

/**
 * Learns byte-pair merges from distinct pieces and how often each occurs. A merge visits only the pieces that hold the
 * pair; counts are kept up to date rather than counted again.
 *
 * <p>A merge lowers the counts of old pairs and raises only those of pairs that hold the new token. So a queue entry is
 * never too low, and one whose count is out of date is put back with the right count when it comes up.
 */
final class BytePairTrainer {
    private static final Comparator<Entry> MOST_FREQUENT_FIRST = Comparator.comparingLong(Entry::count).reversed()
            .thenComparingLong(entry -> entry.pair.key);

    private static final class Word {
        final int[] tokens;
        final long occurrences;
        int length;

        Word(String piece, long occurrences) {
            byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
            this.tokens = new int[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                tokens[i] = Byte.toUnsignedInt(bytes[i]);
            }
            this.length = bytes.length;
            this.occurrences = occurrences;
        }
    }

    private static final class Pair {
        final long key;
        long count;
        int[] words = new int[4];
        int wordCount;

        Pair(long key) {
            this.key = key;
        }

        /** Notes a word that holds this pair; a word may stay noted after it lost the pair. */
        void foundIn(int word) {
            if (wordCount > 0 && words[wordCount - 1] == word) {
                return;
            }
            if (wordCount == words.length) {
                words = Arrays.copyOf(words, 2 * wordCount);
            }
            words[wordCount++] = word;
        }
    }

    private record Entry(Pair pair, long count) {}

    private final List<Word> words = new ArrayList<>();
    private final Map<Long, Pair> pairs = new HashMap<>();
    private final PriorityQueue<Entry> queue = new PriorityQueue<>(MOST_FREQUENT_FIRST);

    BytePairTrainer(Iterable<String> documents) {
        count(documents).forEach((piece, occurrences) -> words.add(new Word(piece, occurrences[0])));
        for (int word = 0; word < words.size(); word++) {
            add(word, 0);
        }
        pairs.values().forEach(pair -> queue.add(new Entry(pair, pair.count)));
    }

    private static Map<String, long[]> count(Iterable<String> documents) {
        Map<String, long[]> occurrences = new HashMap<>();
        for (String document : documents) {
            Matcher piece = Pieces.of(Utf8.wellFormed(document));
            while (piece.find()) {
                occurrences.computeIfAbsent(piece.group(), unseen -> new long[1])[0]++;
            }
        }
        return occurrences;
    }

    List<BytePair.Merge> learn(int count) {
        List<BytePair.Merge> merges = new ArrayList<>(count);
        while (merges.size() < count) {
            Pair best = mostFrequent(BytePair.BYTES + merges.size(), BytePair.BYTES + count);
            int left = (int) (best.key >>> Integer.SIZE);
            int right = (int) best.key;
            merge(best, left, right, BytePair.BYTES + merges.size());
            merges.add(new BytePair.Merge(left, right));
        }
        return merges;
    }

    private Pair mostFrequent(int reached, int vocabulary) {
        while (!queue.isEmpty()) {
            Entry top = queue.remove();
            if (top.count != top.pair.count) {
                queue.add(new Entry(top.pair, top.pair.count));
            } else if (top.count >= 2) {
                return top.pair;
            } else {
                break;
            }
        }
        throw new IllegalArgumentException(
                String.format(Locale.ROOT,
                        "the text is too small for a byte-pair vocabulary of %d: no pair repeats after %d; ask for at most %d or give more text",
                        vocabulary, reached, reached));
    }

    private void merge(Pair pair, int left, int right, int token) {
        List<Pair> made = new ArrayList<>();
        for (int i = 0; i < pair.wordCount; i++) {
            int index = pair.words[i];
            Word word = words.get(index);
            if (holds(word, left, right)) {
                subtract(word);
                word.length = BytePair.replace(word.tokens, word.length, left, right, token);
                made.addAll(add(index, token));
            }
        }
        made.forEach(pairMade -> queue.add(new Entry(pairMade, pairMade.count)));
    }

    private static boolean holds(Word word, int left, int right) {
        for (int i = 0; i + 1 < word.length; i++) {
            if (word.tokens[i] == left && word.tokens[i + 1] == right) {
                return true;
            }
        }
        return false;
    }

    private void subtract(Word word) {
        for (int i = 0; i + 1 < word.length; i++) {
            pairAt(word, i).count -= word.occurrences;
        }
    }

    /**
     * Counts the pairs of a word and returns those never seen before. Pairs of tokens below {@code newest} stood in the
     * word already, so the word is noted for them.
     */
    private List<Pair> add(int index, int newest) {
        Word word = words.get(index);
        List<Pair> unseen = new ArrayList<>();
        for (int i = 0; i + 1 < word.length; i++) {
            Pair pair = pairAt(word, i);
            if (pair.wordCount == 0) {
                unseen.add(pair);
            }
            pair.count += word.occurrences;
            if (Math.max(word.tokens[i], word.tokens[i + 1]) >= newest) {
                pair.foundIn(index);
            }
        }
        return unseen;
    }

    private Pair pairAt(Word word, int i) {
        return pairs.computeIfAbsent(BytePair.pair(word.tokens[i], word.tokens[i + 1]), Pair::new);
    }
}

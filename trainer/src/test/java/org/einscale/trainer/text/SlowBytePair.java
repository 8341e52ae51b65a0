package org.einscale.trainer.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.einscale.trainer.text.BytePair.Merge;

/** Byte-pair merges learned the obvious way: all pairs are counted again after each merge. */
final class SlowBytePair {
    private SlowBytePair() {
    }

    static List<Merge> learn(List<String> documents, int count) {
        List<List<Integer>> pieces = new ArrayList<>();
        for (String document : documents) {
            Pieces.of(Utf8.wellFormed(document)).results().forEach(piece -> pieces.add(bytes(piece.group())));
        }
        List<Merge> merges = new ArrayList<>();
        while (merges.size() < count) {
            Merge best = mostFrequent(pieces);
            pieces.forEach(piece -> merge(piece, best, BytePair.BYTES + merges.size()));
            merges.add(best);
        }
        return merges;
    }

    private static List<Integer> bytes(String piece) {
        List<Integer> bytes = new ArrayList<>();
        for (byte b : Utf8.bytes(piece)) {
            bytes.add(Byte.toUnsignedInt(b));
        }
        return bytes;
    }

    private static Merge mostFrequent(List<List<Integer>> pieces) {
        Map<Merge, Integer> counts = new TreeMap<>(Comparator.comparing(Merge::left).thenComparing(Merge::right));
        for (List<Integer> piece : pieces) {
            for (int i = 0; i + 1 < piece.size(); i++) {
                counts.merge(new Merge(piece.get(i), piece.get(i + 1)), 1, Integer::sum);
            }
        }
        // Of equal counts max keeps the first.
        return counts.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    }

    private static void merge(List<Integer> piece, Merge pair, int token) {
        for (int i = 0; i + 1 < piece.size(); i++) {
            if (piece.get(i) == pair.left() && piece.get(i + 1) == pair.right()) {
                piece.set(i, token);
                piece.remove(i + 1);
            }
        }
    }
}

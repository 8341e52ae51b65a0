package org.einscale.einsum.run;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what was made for each key, up to so much in all; beyond that it forgets what was used least recently. Safe for use
 * by many threads: if two make the same at once, both get the one that was ready first.
 */
public final class Cache<K, V> {
    private final long most;
    private final ToLongFunction<V> weigher;
    private final Map<K, V> made = new LinkedHashMap<>(16, 0.75f, true);
    private long weight;

    /** A key for what an owner makes for arrays with these shapes, or strides. */
    public record Key(Object owner, long[][] lists) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && owner.equals(key.owner) && Arrays.deepEquals(lists, key.lists);
        }

        @Override
        public int hashCode() {
            return 31 * owner.hashCode() + Arrays.deepHashCode(lists);
        }
    }

    /**
     * @param most
     *            what all values but the last one may weigh together
     * @param weigher
     *            what a value weighs, such as its bytes; always the same for the same value
     */
    public Cache(long most, ToLongFunction<V> weigher) {
        this.most = most;
        this.weigher = weigher;
    }

    /** What was made for the key, made now if it is not remembered. */
    public V get(K key, Function<K, V> maker) {
        V known = known(key);
        return known != null ? known : remember(key, maker.apply(key));
    }

    private synchronized @Nullable V known(K key) {
        return made.get(key);
    }

    private synchronized V remember(K key, V value) {
        V first = made.putIfAbsent(key, value);
        if (first != null) {
            return first;
        }
        weight += weigher.applyAsLong(value);
        Iterator<V> oldest = made.values().iterator();
        while (weight > most && made.size() > 1) {
            weight -= weigher.applyAsLong(oldest.next());
            oldest.remove();
        }
        return value;
    }

    /** Forgets all keys that the condition holds for. */
    synchronized void forget(Predicate<K> condition) {
        made.entrySet().removeIf(entry -> {
            boolean forgotten = condition.test(entry.getKey());
            weight -= forgotten ? weigher.applyAsLong(entry.getValue()) : 0;
            return forgotten;
        });
    }
}

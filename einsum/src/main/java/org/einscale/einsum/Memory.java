package org.einscale.einsum;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Remembers what was made for each key, up to so many keys; then it forgets all and starts again. */
final class Memory<K, V> {
    private final Map<K, V> made = new ConcurrentHashMap<>();
    private final int most;

    Memory(int most) {
        this.most = most;
    }

    /** What was made for the key, made now if it was not before. */
    V get(K key, Function<K, V> maker) {
        V value = made.get(key);
        if (value == null) {
            if (made.size() >= most) {
                made.clear();
            }
            value = maker.apply(key);
            made.put(key, value);
        }
        return value;
    }
}

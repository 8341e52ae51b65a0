package org.einscale.einsum.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CacheTest {
    private final List<String> made = new ArrayList<>();
    private final Cache<String, String> cache = new Cache<>(10, String::length);

    @Test
    void whatIsKnownIsNotMadeAgain() {
        get("abc", "abc");
        assertThat(made).containsExactly("abc");
    }

    @Test
    void theLeastRecentlyUsedAreForgotten() {
        get("aaaa", "bbbb", "aaaa", "cccc", "aaaa", "bbbb");
        assertThat(made).containsExactly("aaaa", "bbbb", "cccc", "bbbb");
    }

    @Test
    void oneIsRememberedHoweverMuchItWeighs() {
        get("a", "more than ten", "more than ten", "a");
        assertThat(made).containsExactly("a", "more than ten", "a");
    }

    @Test
    void whatWasForgottenWeighsNothing() {
        get("aaaaa", "bbbbb");
        cache.forget(key -> key.startsWith("a"));
        get("ccccc", "bbbbb", "aaaaa", "bbbbb", "ccccc");
        assertThat(made).containsExactly("aaaaa", "bbbbb", "ccccc", "aaaaa", "ccccc");
    }

    private void get(String... keys) {
        for (String key : keys) {
            assertThat(cache.get(key, text -> {
                made.add(text);
                return text;
            })).isEqualTo(key);
        }
    }
}

/** What a sweep gains from workers side by side. */
@org.jspecify.annotations.NullMarked
package org.einscale.bench.sweep;

package org.einscale.tensor.dot;

/**
 * A range cut into strips, first wide ones, then narrow ones, as many of these as needed for the fewest places beyond the end.
 *
 * @param count elements of the range
 * @param wide elements of a wide strip
 * @param narrow elements of a narrow strip, at most as many
 */
record Strips(int count, int wide, int narrow) {

    /** Number of strips. */
    int strips() {
        return Math.ceilDiv(count, wide);
    }

    /** Places in all strips. */
    int places() {
        return start(strips());
    }

    private int wides() {
        return wide == narrow ? strips() : Math.max(0, Math.ceilDiv(count - narrow * strips(), wide - narrow));
    }

    /** Elements of a strip, with those beyond the end. */
    int width(int strip) {
        return strip < wides() ? wide : narrow;
    }

    /** The first place of a strip. */
    int start(int strip) {
        return strip * narrow + Math.min(strip, wides()) * (wide - narrow);
    }
}

package org.einscale.sharding.collective;

/**
 * A box of elements that goes from one device's array to another's, both row-major.
 *
 * @param from
 *            device that sends
 * @param to
 *            device that receives
 * @param fromShape
 *            sizes of the array of the sender
 * @param fromStart
 *            first element of the box in it, along each axis
 * @param toShape
 *            sizes of the array of the receiver
 * @param toStart
 *            first element of the box in it
 * @param sizes
 *            of the box
 */
public record Piece(int from, int to, int[] fromShape, int[] fromStart, int[] toShape, int[] toStart, int[] sizes) {

    /** Elements that are sent: none from a device to itself. */
    public long sent() {
        return from == to ? 0 : volume();
    }

    /** Elements of the box. */
    public long volume() {
        long volume = 1;
        for (int size : sizes) {
            volume *= size;
        }
        return volume;
    }

    /** The same when only the box was sent, its elements one after the other. */
    Piece unpacked() {
        return new Piece(from, to, sizes, new int[sizes.length], toShape, toStart, sizes);
    }

    /** What is done to send only the box. */
    Piece packed() {
        return new Piece(from, to, fromShape, fromStart, sizes, new int[sizes.length], sizes);
    }
}

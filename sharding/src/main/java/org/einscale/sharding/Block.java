package org.einscale.sharding;

import java.util.List;

/**
 * What one device has of a tensor: along every axis the elements from a start to before an end.
 *
 * <p>An axis of n elements is dealt out to p devices so that they have {@code ceil(i n / p)} to before
 * {@code ceil((i + 1) n / p)}, with i = 0 to p - 1: at most one element more or less than any other. What several mesh axes
 * share in this way is for each position along the first of them what that alone would give it.
 *
 * @param starts
 *            first element along each axis of the tensor
 * @param sizes
 *            number of elements along each
 */
public record Block(int[] starts, int[] sizes) {

    /** First element of the part with a position among so many. */
    public static int start(int size, int parts, int position) {
        return (int) Math.ceilDiv((long) position * size, (long) parts);
    }

    /** What a device has of a tensor with such sizes. */
    public static Block of(Mesh mesh, int device, List<List<String>> split, int[] whole) {
        int[] starts = new int[whole.length];
        int[] sizes = new int[whole.length];
        for (int i = 0; i < whole.length; i++) {
            int parts = mesh.devices(split.get(i));
            int position = mesh.position(device, split.get(i));
            starts[i] = start(whole[i], parts, position);
            sizes[i] = start(whole[i], parts, position + 1) - starts[i];
        }
        return new Block(starts, sizes);
    }

    /** Number of elements. */
    public long volume() {
        long volume = 1;
        for (int size : sizes) {
            volume *= size;
        }
        return volume;
    }

    /** Elements in both, possibly none. */
    public Block intersection(Block other) {
        int[] from = new int[starts.length];
        int[] count = new int[starts.length];
        for (int i = 0; i < starts.length; i++) {
            from[i] = Math.max(starts[i], other.starts[i]);
            count[i] = Math.max(0, Math.min(starts[i] + sizes[i], other.starts[i] + other.sizes[i]) - from[i]);
        }
        return new Block(from, count);
    }
}

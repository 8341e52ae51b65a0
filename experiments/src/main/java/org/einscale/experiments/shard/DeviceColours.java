package org.einscale.experiments.shard;

import java.util.List;
import java.util.Locale;
import org.einscale.sharding.Mesh;

/**
 * Colours of devices by where they stand in a mesh: the hue goes along its first axis, the lightness along its second, and the
 * saturation along all others together.
 */
record DeviceColours(Mesh mesh) {
    /** Of red, green and blue on the circle of hues, in twelfths. */
    private static final int[] OFFSETS = {0, 8, 4};
    private static final double BLUE = 210;
    private static final double DARKEST = 0.42;
    private static final double LIGHTEST = 0.74;
    private static final double PALEST = 0.35;
    private static final double FULLEST = 0.75;

    private double[] rgb(int device) {
        List<String> axes = List.copyOf(mesh.axes().keySet());
        double hue = BLUE + (axes.isEmpty()
                ? 0
                : 360.0 * mesh.coordinate(device, axes.getFirst())
                        / mesh.size(axes.getFirst()));
        double lightness = DARKEST
                + (LIGHTEST - DARKEST) * (axes.size() < 2 ? 0.4 : share(device, axes.subList(1, 2)));
        double saturation = FULLEST
                - (FULLEST - PALEST) * (axes.size() < 3 ? 0 : share(device, axes.subList(2, axes.size())));
        double chroma = saturation * Math.min(lightness, 1 - lightness);
        double[] rgb = new double[3];
        for (int i = 0; i < rgb.length; i++) {
            double k = (OFFSETS[i] + hue / 30) % 12;
            rgb[i] = lightness - chroma * Math.max(-1, Math.min(Math.min(k - 3, 9 - k), 1));
        }
        return rgb;
    }

    /** How far from the first to the last a device stands along some axes. */
    private double share(int device, List<String> along) {
        int devices = mesh.devices(along);
        return devices == 1 ? 0 : (double) mesh.position(device, along) / (devices - 1);
    }

    /** {@code #rrggbb}. */
    String of(int device) {
        double[] rgb = rgb(device);
        return String.format(Locale.ROOT, "#%02x%02x%02x", Math.round(255 * rgb[0]), Math.round(255 * rgb[1]),
                Math.round(255 * rgb[2]));
    }

    /** Black or white, whichever stands out more from a device's colour (relative luminance of WCAG 2, gamma taken as 2.2). */
    String inkOn(int device) {
        double[] rgb = rgb(device);
        double luminance = 0.2126 * Math.pow(rgb[0], 2.2) + 0.7152 * Math.pow(rgb[1], 2.2)
                + 0.0722 * Math.pow(rgb[2], 2.2);
        return luminance > 0.179 ? "#000000" : "#ffffff";
    }
}

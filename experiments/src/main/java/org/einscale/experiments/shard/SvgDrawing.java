package org.einscale.experiments.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.partition.Partition;

/**
 * A value as an SVG image: its parts to scale, in each the devices that have it as discs, in the colours that they have in the
 * mesh beside it. Several discs in a part are replicas, or addends where there is a plus between them. It has dark paper where the
 * reader's screen is dark, and white paper in print.
 */
public final class SvgDrawing {
    private static final int SIDE = 340;
    private static final int LEAST = 110;
    private static final double CHARACTER = 7.3;
    private static final int LINE = 18;
    private static final int MARGIN = 16;
    private static final int RADIUS = 12;
    private static final int MOST_DISCS = 64;
    private static final int MOST_ACROSS = 16;

    private final DrawnValue value;
    private final DeviceColours colours;
    private final StringBuilder body = new StringBuilder();
    private final double left;
    private final int top;
    private final double width;
    private final double height;

    private SvgDrawing(DrawnValue value) {
        this.value = value;
        this.colours = new DeviceColours(value.partition().mesh());
        this.left = MARGIN + CHARACTER * (1 + IntStream.range(0, value.parts(0))
                .map(row -> value.label(0, row).length()).max().orElse(0));
        this.top = MARGIN + 2 * LINE + LINE / 2;
        double rows = Math.max(1, value.size(0));
        double columns = Math.max(1, value.size(1));
        this.width = Math.clamp(SIDE * columns / Math.max(rows, columns), LEAST, SIDE);
        this.height = Math.clamp(SIDE * rows / Math.max(rows, columns), LEAST, SIDE);
    }

    /**
     * Draws a value of a device's program.
     *
     * @param stages
     *            what the devices of each run
     * @param name
     *            as its statements give it, with or without number: out or out#3
     * @return an SVG document
     * @throws org.einscale.experiments.UserError
     *             if there is no such value
     */
    public static String of(List<Partition> stages, String name) {
        return new SvgDrawing(DrawnValue.of(stages, name)).document();
    }

    private String document() {
        List<String> none = new ArrayList<>();
        labels();
        for (int row = 0; row < value.parts(0); row++) {
            for (int column = 0; column < value.parts(1); column++) {
                if (cell(row, column).isEmpty()) {
                    none.add(DrawnValue.runs(value.devices(row, column)));
                }
            }
        }
        double meshLeft = left + width + 3 * MARGIN;
        double bottom = Math.max(top + height, mesh(meshLeft));
        List<String> notes = new ArrayList<>();
        if (value.replicas() > 1) {
            notes.add("every part is on " + value.replicas() + " devices");
        }
        if (!none.isEmpty()) {
            notes.add("no elements: " + String.join(" ", none));
        }
        for (String note : notes) {
            bottom += LINE + 4;
            text(left, bottom, "start", note);
        }
        text(MARGIN, MARGIN + LINE / 2.0, "start", value.heading());
        double right = Math.max(MARGIN + CHARACTER * value.heading().length(), meshLeft + meshWidth()) + MARGIN;
        return format("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img">
                <title>%s</title>
                <style>
                .paper { fill: #ffffff } .ink { fill: #1b1f24 } .line { stroke: #1b1f24 }
                text { font: 12px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace }
                @media (prefers-color-scheme: dark) {
                  .paper { fill: #0d1117 } .ink { fill: #e6edf3 } .line { stroke: #e6edf3 }
                }
                @media print { .paper { fill: #ffffff } .ink { fill: #1b1f24 } .line { stroke: #1b1f24 } }
                </style>
                <rect class="paper" width="100%%" height="100%%"/>
                """, right, bottom + MARGIN, right, bottom + MARGIN, escaped(value.heading())) + body + "</svg>\n";
    }

    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private double x(int element) {
        return left + width * element / Math.max(1, value.size(1));
    }

    private double y(int element) {
        return top + height * element / Math.max(1, value.size(0));
    }

    /** Of parts too narrow for a label, only every second, third and so on has one. */
    private void labels() {
        double last = Double.NEGATIVE_INFINITY;
        for (int row = 0; row < value.parts(0); row++) {
            double middle = (y(value.start(0, row)) + y(value.start(0, row + 1))) / 2;
            if (middle - last >= LINE && value.start(0, row) < value.start(0, row + 1)) {
                text(left - CHARACTER, middle + 4, "end", value.label(0, row));
                last = middle;
            }
        }
        double free = Double.NEGATIVE_INFINITY;
        for (int column = 0; column < value.parts(1); column++) {
            String label = value.label(1, column);
            double middle = (x(value.start(1, column)) + x(value.start(1, column + 1))) / 2;
            double half = CHARACTER * label.length() / 2.0;
            if (middle - half >= free && value.start(1, column) < value.start(1, column + 1)) {
                text(middle, top - 6, "middle", label);
                free = middle + half + CHARACTER;
            }
        }
    }

    /** The devices of a part that has elements. */
    private List<Integer> cell(int row, int column) {
        double x = x(value.start(1, column));
        double y = y(value.start(0, row));
        double w = x(value.start(1, column + 1)) - x;
        double h = y(value.start(0, row + 1)) - y;
        if (w <= 0 || h <= 0) {
            return List.of();
        }
        List<Integer> devices = value.devices(row, column);
        body.append(format(
                "<rect class=\"line\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\" fill-opacity=\"0.3\"/>\n",
                x, y, w, h, colours.of(devices.getFirst())));
        discs(devices, x, y, w, h);
        return devices;
    }

    /** Discs in rows that fit, or else the numbers as text, or nothing where not even that fits. */
    private void discs(List<Integer> devices, double x, double y, double w, double h) {
        List<String> partial = value.partial();
        int gap = partial.isEmpty() ? 4 : 14;
        int step = 2 * RADIUS + gap;
        int across = (int) Math.max(1, Math.min(devices.size(), (w - 4 + gap) / step));
        int down = Math.ceilDiv(devices.size(), across);
        if (devices.size() <= MOST_DISCS && across * step - gap <= w - 2 && down * step - gap <= h - 2) {
            double firstX = x + w / 2 - (across - 1) * step / 2.0;
            double firstY = y + h / 2 - (down - 1) * step / 2.0;
            Mesh mesh = value.partition().mesh();
            for (int i = 0; i < devices.size(); i++) {
                double cx = firstX + i % across * step;
                double cy = firstY + (double) (i / across) * step;
                disc(devices.get(i), cx, cy);
                if (i + 1 < devices.size() && mesh.position(devices.get(i), partial) != mesh
                        .position(devices.get(i + 1), partial)) {
                    text(cx + step / 2.0, cy + 4, "middle", "+");
                }
            }
            return;
        }
        String numbers = DrawnValue.runs(devices);
        if (CHARACTER * (numbers.length() + 1) <= w && LINE <= h) {
            text(x + w / 2, y + h / 2 + 4, "middle", numbers);
        }
    }

    private void disc(int device, double x, double y) {
        body.append(format("""
                <circle class="line" cx="%.1f" cy="%.1f" r="%d" fill="%s"/>
                <text x="%.1f" y="%.1f" text-anchor="middle" fill="%s">%d</text>
                """, x, y, RADIUS, colours.of(device), x, y + 4, colours.inkOn(device), device));
    }

    private void text(double x, double y, String anchor, String text) {
        body.append(format("<text class=\"ink\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", x, y, anchor,
                escaped(text)));
    }

    private int meshColumns() {
        Mesh mesh = value.partition().mesh();
        List<Integer> sizes = List.copyOf(mesh.axes().values());
        if (sizes.size() < 2) {
            return 1;
        }
        int inner = mesh.devices() / sizes.getFirst();
        return inner <= MOST_ACROSS ? inner : sizes.getLast();
    }

    private double meshWidth() {
        return Math.max(meshColumns() * (2 * RADIUS + 4), CHARACTER * meshTitle().length());
    }

    private String meshTitle() {
        return String.join(" x ", value.partition().mesh().axes().entrySet().stream()
                .map(axis -> axis.getKey() + "=" + axis.getValue()).toList());
    }

    /** The devices as they stand in the mesh, its first axis from top to bottom; how far down that goes. */
    private double mesh(double from) {
        Mesh mesh = value.partition().mesh();
        if (mesh.devices() > MOST_DISCS) {
            return top;
        }
        text(from, top - 6, "start", meshTitle());
        int step = 2 * RADIUS + 4;
        for (int device = 0; device < mesh.devices(); device++) {
            disc(device, from + RADIUS + (double) (device % meshColumns()) * step,
                    top + RADIUS + 2 + (double) (device / meshColumns()) * step);
        }
        return top + (double) Math.ceilDiv(mesh.devices(), meshColumns()) * step;
    }
}

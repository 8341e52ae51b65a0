package org.einscale.scaling.plot;

import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.einscale.scaling.ScalingException;

/** The kinds of file that a picture can be written to, told by the ending of the file's name. */
public enum Format {
    /** Pixels. */
    PNG("png"),
    /** Pixels, with losses. */
    JPEG("jpg", "jpeg"),
    /** Lines and text. */
    SVG("svg");

    private final List<String> endings;

    Format(String... endings) {
        this.endings = List.of(endings);
    }

    /**
     * The format that a name ends with, in capitals or not.
     *
     * @throws ScalingException where the name has no ending or another one, with those that there are
     */
    public static Format of(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        String ending = name.substring(dot + 1).toLowerCase(Locale.ROOT);
        return Arrays.stream(values()).filter(format -> dot >= 0 && format.endings.contains(ending)).findFirst()
                .orElseThrow(() -> new ScalingException(file + ": no picture can be written with the ending "
                        + (dot < 0 ? "''" : "'." + ending + "'") + "; expected " + Arrays.stream(values())
                                .flatMap(format -> format.endings.stream()).map(known -> "." + known)
                                .collect(Collectors.joining(", "))));
    }

    /** The picture in this format. */
    byte[] draw(Figure figure) {
        try (var bytes = new ByteArrayOutputStream()) {
            if (this == SVG) {
                drawLines(figure, bytes);
            } else {
                drawPixels(figure, bytes);
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InternalError | LinkageError e) {
            throw new ScalingException(
                    "cannot draw: this machine has no fonts for Java; install fontconfig and a font, such as DejaVu",
                    e);
        }
    }

    private void drawPixels(Figure figure, OutputStream to) throws IOException {
        var image = new BufferedImage(Figure.WIDTH, Figure.HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        figure.paint(graphics);
        graphics.dispose();
        ImageIO.write(image, endings.getFirst(), to);
    }

    private static void drawLines(Figure figure, OutputStream to) throws IOException {
        try {
            var document = DocumentBuilderFactory.newDefaultNSInstance().newDocumentBuilder().getDOMImplementation()
                    .createDocument("http://www.w3.org/2000/svg", "svg", null);
            var graphics = new SVGGraphics2D(document);
            graphics.setSVGCanvasSize(new Dimension(Figure.WIDTH, Figure.HEIGHT));
            figure.paint(graphics);
            graphics.stream(new OutputStreamWriter(to, StandardCharsets.UTF_8));
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }
}

package org.einscale.scaling.plot;

import java.awt.Graphics2D;
import java.nio.file.Path;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.file.AtomicFile;

/** A picture of a result, {@value #WIDTH} x {@value #HEIGHT} pixels. Needs no screen. */
public sealed interface Figure permits ComparisonFigure, CoordinateFigure, CurveFigure, EmergenceFigure,
        FrontierFigure, HistoryFigure, RateFigure {

    /** Width in pixels. */
    int WIDTH = 1600;
    /** Height in pixels. */
    int HEIGHT = 1000;

    /** Draws the picture. */
    void paint(Graphics2D graphics);

    /**
     * The picture as a file of a format holds it.
     *
     * @throws ScalingException where this machine cannot draw
     */
    default byte[] bytes(Format format) {
        return format.draw(this);
    }

    /**
     * Writes the picture in the format that the file's name ends with.
     *
     * @throws ScalingException where there is no such format, the file cannot be written or this machine cannot draw
     */
    default void write(Path file) {
        AtomicFile.write(file, bytes(Format.of(file)));
    }
}

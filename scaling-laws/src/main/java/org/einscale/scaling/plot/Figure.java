package org.einscale.scaling.plot;

import java.nio.file.Path;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.file.AtomicFile;

/** A picture of a result. Needs no screen. */
public sealed interface Figure permits CurveFigure, HistoryFigure {

    /**
     * The picture, 1600 x 1000 pixels, as PNG.
     *
     * @throws ScalingException where this machine cannot draw
     */
    byte[] png();

    /**
     * Writes the picture.
     *
     * @throws ScalingException where the file cannot be written or this machine cannot draw
     */
    default void write(Path file) {
        AtomicFile.write(file, png());
    }
}

package org.einscale.scaling.plot;

import java.awt.Graphics2D;
import java.nio.file.Path;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.file.AtomicFile;
import org.einscale.scaling.fit.Study;
import org.einscale.scaling.table.RunColumn;

/** A picture of a result, {@value #WIDTH} x {@value #HEIGHT} pixels. Needs no screen. */
public sealed interface Figure permits ComparisonFigure, CoordinateFigure, CurveFigure, EmergenceFigure,
        FrontierFigure, HistoryFigure, RateFigure, SliceFigure {

    /** Width in pixels. */
    int WIDTH = 1600;
    /** Height in pixels. */
    int HEIGHT = 1000;

    /** That of a law fitted to losses in validation, with what was held out: a curve for a law of size alone, else slices. */
    static Figure of(Study study) {
        return study.fit().form().isOfSizeAlone()
                ? new CurveFigure(study.held(), study.convention("n"))
                : new SliceFigure(study.held(), study::convention, RunColumn.VAL_LOSS.label());
    }

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

package org.einscale.scaling.fit;

import java.util.List;
import org.einscale.scaling.Point;

/**
 * What a bootstrap draws.
 *
 * @param replicates number of resampled sets, positive
 * @param seed seed of the draws
 * @param seeds whether points of one scale differ by their seeds, among which is drawn
 */
public record Draws(int replicates, long seed, boolean seeds) {

    /** As many resampled sets as usual. */
    public static final Draws USUAL = new Draws(Bootstrap.REPLICATES, 1, false);

    Bootstrap of(Fit fit) {
        List<Point> points = fit.points();
        return Bootstrap.of(fit, seeds ? Bootstrap.Resampling.SEEDS : Bootstrap.Resampling.of(points), replicates,
                seed);
    }
}

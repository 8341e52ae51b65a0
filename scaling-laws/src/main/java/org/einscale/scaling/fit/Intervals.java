package org.einscale.scaling.fit;

import org.einscale.scaling.Interval;
import org.einscale.scaling.Point;

/** How far a fit can be trusted, by one way of finding out. */
public sealed interface Intervals permits Bootstrap, Profile {

    /** Below so many points a bootstrap of points draws from too few, and the profile likelihood is asked. */
    int BOOTSTRAP_FROM = 100;

    /** The interval of a parameter as the law keeps it, by its natural logarithm where positive. */
    Interval parameter(String name, double level);

    /** Where the law itself lies at a scale, in nats per token. */
    Interval loss(Point at, double level);

    /** Where one new measurement at a scale is expected: the law's uncertainty and the scatter of a single run. */
    Interval measurement(Point at, double level);

    /** What it is called, such as {@code profile likelihood}. */
    String method();

    /** The more reliable way: the bootstrap where points are many, or belong together; else the profile likelihood. */
    static Intervals of(Bootstrap bootstrap) {
        return switch (bootstrap.resampling()) {
            case RUNS, SEEDS -> bootstrap;
            case RESIDUALS, POINTS ->
                bootstrap.fit().points().size() < BOOTSTRAP_FROM ? Profile.of(bootstrap.fit()) : bootstrap;
        };
    }
}

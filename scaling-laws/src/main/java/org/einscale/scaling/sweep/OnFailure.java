package org.einscale.scaling.sweep;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.table.Run;

/**
 * What a sweep does when a trial fails. A failure that would come again ({@link TrialFailure}) is not tried again.
 *
 * @param retries how often a trial is tried again, from its last checkpoint, before it counts as failed
 * @param stops whether the sweep then ends, the other trials keeping their checkpoints
 */
public record OnFailure(int retries, boolean stops) {

    /** The others go on. */
    public static final OnFailure CONTINUE = new OnFailure(0, false);
    /** Nothing goes on. */
    public static final OnFailure STOP = new OnFailure(0, true);

    private static final Pattern RETRY = Pattern.compile("retry +([1-9][0-9]{0,3})");

    /**
     * Reads {@code continue}, {@code stop} or {@code retry N}.
     *
     * @throws ScalingException for anything else
     */
    public static OnFailure of(String text) {
        Matcher retry = RETRY.matcher(text);
        return switch (text) {
            case "continue" -> CONTINUE;
            case "stop" -> STOP;
            case String times when retry.matches() -> new OnFailure(Integer.parseInt(retry.group(1)), false);
            default -> throw new ScalingException(
                    "expected continue, stop or retry and a number of times, as in 'retry 2'; found '" + text + "'");
        };
    }

    /** Whether nothing goes on after a trial that ended so. */
    boolean stopsAt(Run run) {
        return stops && run.status() == Run.Status.FAILED;
    }
}

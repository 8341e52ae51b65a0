package org.einscale.sharding.device;

import akka.actor.ActorSystem;
import akka.event.EventStream;
import akka.event.LogMarker;
import akka.event.slf4j.Slf4jLoggingFilter;
import java.util.concurrent.TimeUnit;

/**
 * Lets no more of Akka's warnings pass than a person can read, as it has one for every few bytes of garbage, and keeps them all in
 * memory until they are written. Akka makes it by its name in the configuration.
 */
public final class SparingLog extends Slf4jLoggingFilter {
    private static final int MOST_A_SECOND = 20;

    private long second = System.nanoTime();
    private int passed;

    public SparingLog(ActorSystem.Settings settings, EventStream events) {
        super(settings, events);
    }

    @Override
    public boolean isWarningEnabled(Class<?> from, String source) {
        return super.isWarningEnabled(from, source) && passes();
    }

    @Override
    public boolean isWarningEnabled(Class<?> from, String source, LogMarker marker) {
        return super.isWarningEnabled(from, source, marker) && passes();
    }

    private synchronized boolean passes() {
        long now = System.nanoTime();
        if (now - second > TimeUnit.SECONDS.toNanos(1)) {
            second = now;
            passed = 0;
        }
        passed++;
        return passed <= MOST_A_SECOND;
    }
}

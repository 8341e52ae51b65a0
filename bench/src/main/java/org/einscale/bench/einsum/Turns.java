package org.einscale.bench.einsum;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Participants that run one contraction by turns, A B A B ..., so that what else the machine does meets all of them.
 *
 * @param rounds turns of everyone
 * @param seconds length of a turn
 * @param warmUp seconds of running before the first turn
 */
record Turns(int rounds, double seconds, double warmUp) {
    private static final long SEED = 1;

    /**
     * Compares the results of everyone who knows how to compute the case, then takes times.
     *
     * @param failures hears of a participant that fails on the case and is left out of it
     * @throws IllegalStateException if results disagree
     */
    Speed measure(EinsumCase what, Map<Participant, EinsumEngine> engines, Consumer<String> failures) {
        Map<Participant, EinsumRunner> runners = new EnumMap<>(Participant.class);
        try (EinsumTask task = EinsumTask.of(what, SEED)) {
            engines.forEach((participant, engine) -> open(engine, task, participant, failures)
                    .ifPresent(runner -> runners.put(participant, runner)));
            compare(what, runners, failures);
            runners.values().forEach(runner -> runner.time(warmUp));
            List<Map<Participant, Double>> measured = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                Map<Participant, Double> round = new EnumMap<>(Participant.class);
                runners.forEach((participant, runner) -> round.put(participant, runner.time(seconds)));
                measured.add(round);
            }
            return Speed.of(what, measured);
        } finally {
            runners.values().forEach(EinsumRunner::close);
        }
    }

    private static Optional<EinsumRunner> open(EinsumEngine engine, EinsumTask task, Participant participant,
            Consumer<String> failures) {
        try {
            return engine.prepare(task);
        } catch (RuntimeException e) {
            failures.accept(failure(task.what(), participant, e));
            return Optional.empty();
        }
    }

    private static void compare(EinsumCase what, Map<Participant, EinsumRunner> runners, Consumer<String> failures) {
        Map<Participant, List<float[]>> results = new EnumMap<>(Participant.class);
        runners.entrySet().removeIf(entry -> {
            try {
                results.put(entry.getKey(), entry.getValue().results());
                return false;
            } catch (RuntimeException e) {
                failures.accept(failure(what, entry.getKey(), e));
                entry.getValue().close();
                return true;
            }
        });
        Agreement.check(what, results);
    }

    private static String failure(EinsumCase what, Participant participant, RuntimeException e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return "%s: %s fails: %s".formatted(what, participant.title(), message.isEmpty() ? e.toString() : message);
    }
}

package org.einscale.experiments.plan;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.experiments.UserError;
import org.einscale.sharding.Network;
import org.einscale.sharding.Rule;
import org.einscale.sharding.partition.Choice;
import org.einscale.sharding.partition.Expected;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.partition.Prediction;
import org.einscale.sharding.pipeline.Pipeline;
import org.einscale.tensor.Sizes;
import org.einscale.trainer.PlannedStep;
import org.einscale.trainer.TrainingSpec;

/** Makes plans of partitions, and holds a partition against a plan. */
public final class Plans {
    /** Differences that a message tells. */
    private static final int TOLD = 5;

    private Plans() {
    }

    /**
     * The plan of a step.
     *
     * @param experiment
     *            name of its file
     */
    public static PlanFile of(String experiment, List<String> presets, PlannedStep step) {
        TrainingSpec spec = step.spec();
        int bytes = spec.precision().bytes();
        Pipeline pipeline = step.pipeline();
        Map<String, String> values = new LinkedHashMap<>();
        List<PlanFile.Shared> statements = new ArrayList<>();
        List<PlanFile.Collective> collectives = new ArrayList<>();
        List<PlanFile.Device> devices = new ArrayList<>();
        for (int stage = 0; stage < pipeline.stages().size(); stage++) {
            Partition partition = pipeline.stages().get(stage);
            Names names = new Names(pipeline.stages().size() == 1 ? "" : "stage " + stage + ": ");
            partition.shardings()
                    .forEach((value, sharding) -> values.put(names.of(value), sharding.text(value.axes())));
            partition.choices().forEach(choice -> statements.add(shared(choice, names)));
            partition.collectives()
                    .forEach(statement -> collectives.add(collective(statement, partition, names, bytes)));
            int from = stage;
            pipeline.links().stream().filter(link -> link.from() == from)
                    .forEach(link -> collectives.add(new PlanFile.Collective("send", names.of(link.value()),
                            pipeline.over().stream().toList(), bytes * pipeline.sent(link))));
            Prediction told = Prediction.of(partition, Network.LOCAL, bytes);
            devices.add(new PlanFile.Device(told.bytes(), told.rounds(),
                    Expected.of(partition, 0, bytes).multiplications(), told.memory(), told.seconds()));
        }
        return new PlanFile(PlanFile.FORMAT, experiment, subject(step), pipeline.mesh().axes(),
                spec.splitting().rules().rules().stream().map(Rule::toString).toList(), presets,
                spec.splitting().keepsParameters(), values, statements, collectives,
                Collections.max(devices, Comparator.comparingDouble(PlanFile.Device::seconds)));
    }

    private static PlanFile.Shared shared(Choice choice, Names names) {
        Value value = choice.statement().result();
        return new PlanFile.Shared(names.unique(value), choice.taken().toString(), choice.made().text(value.axes()));
    }

    private static PlanFile.Collective collective(Statement statement, Partition partition, Names names, int bytes) {
        Operation.Collective collective = (Operation.Collective) statement.operation();
        return new PlanFile.Collective(collective.exchange().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                names.of(statement.result()), collective.over(),
                partition.bytes(statement) / Float.BYTES * bytes);
    }

    private static PlanFile.Subject subject(PlannedStep step) {
        Program program = step.program();
        Map<String, Integer> sizes = new TreeMap<>();
        Sizes all = step.sizes();
        Stream.concat(program.inputs().stream(), program.values().stream()).flatMap(value -> value.axes().stream())
                .filter(all::has).forEach(axis -> sizes.put(axis.name(), all.of(axis)));
        Map<String, String> parameters = new LinkedHashMap<>();
        step.model().parameters().forEach(parameter -> parameters.put(parameter.value().name(),
                Value.text(parameter.value().axes())));
        String precision = step.spec().precision().name().toLowerCase(Locale.ROOT);
        return new PlanFile.Subject(fingerprint(program + "\n" + sizes + "\n" + precision), precision, sizes,
                parameters);
    }

    private static String fingerprint(String text) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Refuses a step that is not as a plan says.
     *
     * @param file
     *            of the plan, for the message
     * @throws UserError
     *             if the model is another, or devices would not do the same
     */
    public static void require(Path file, PlanFile plan, PlanFile now) {
        if (!plan.model().fingerprint().equals(now.model().fingerprint())) {
            throw new UserError(file + ": is a plan for another model: " + told(PlanDifference.ofModels(plan, now),
                    "its layers or its optimizer compute something else"));
        }
        List<PlanDifference> differences = PlanDifference.between(plan, now);
        if (!differences.isEmpty()) {
            throw new UserError(file + ": devices would not do what it says: " + told(differences, "")
                    + "; make it again with `einscale shard CONFIG --save FILE`");
        }
    }

    private static String told(List<PlanDifference> differences, String otherwise) {
        List<String> texts = new ArrayList<>(differences.stream().limit(TOLD)
                .map(d -> d.what() + " (" + d.first() + ", now " + d.second() + ")").toList());
        if (differences.size() > TOLD) {
            texts.add(differences.size() - TOLD + " more");
        }
        return texts.isEmpty() ? otherwise : String.join(", ", texts);
    }

    /** Names of values, behind that of their stage, and with a number from the second of the same name on. */
    private static final class Names {
        private final String stage;
        private final Map<String, Integer> seen = new TreeMap<>();

        Names(String stage) {
            this.stage = stage;
        }

        String of(Value value) {
            return stage + value.name();
        }

        String unique(Value value) {
            int count = seen.merge(value.name(), 1, Integer::sum);
            return count == 1 ? of(value) : of(value) + " (" + count + ")";
        }
    }
}

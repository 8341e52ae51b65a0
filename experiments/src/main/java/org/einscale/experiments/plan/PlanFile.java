package org.einscale.experiments.plan;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.einscale.experiments.Failure;
import org.einscale.experiments.UserError;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Rule;
import org.einscale.sharding.Rules;
import org.einscale.sharding.Splitting;

/**
 * A plan of a training step on a mesh. Mesh, rules and {@code keepsParameters} are what devices are told; all the rest
 * follows from them and the model, and is there to be compared.
 *
 * @param format
 *            {@value #FORMAT}
 * @param experiment
 *            the name of its file
 * @param mesh
 *            sizes of the mesh's axes, outermost first
 * @param rules
 *            the strongest first, those of presets included
 * @param presets
 *            that some of the rules come from
 * @param keepsParameters
 *            as in {@link Splitting}
 * @param values
 *            how inputs, states and outputs are split, by name; here and below, with the stage before it if there are several
 * @param statements
 *            of the step, in their order
 * @param collectives
 *            in their order, and what a stage sends to others
 */
public record PlanFile(String format, String experiment, Subject model, Map<String, Integer> mesh, List<String> rules,
        List<String> presets, boolean keepsParameters, Map<String, String> values, List<Shared> statements,
        List<Collective> collectives, Device device) {
    static final String FORMAT = "einscale plan 1";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /**
     * What is trained.
     *
     * @param fingerprint
     *            SHA-256, in hexadecimal, of the step's program and of the sizes of its axes
     * @param sizes
     *            of all axes of the program
     * @param parameters
     *            axes of each
     */
    public record Subject(String fingerprint, String precision, Map<String, Integer> sizes,
            Map<String, String> parameters) {}

    /**
     * A statement of the step.
     *
     * @param value
     *            that it makes
     * @param along
     *            along which axes devices share the work
     * @param made
     *            how the value is then split
     */
    public record Shared(String value, String along, String made) {}

    /**
     * A collective.
     *
     * @param op
     *            such as all-reduce
     * @param over
     *            mesh axes
     * @param bytes
     *            that the busiest device sends
     */
    public record Collective(String op, String value, List<String> over, long bytes) {}

    /**
     * What the first device, of the slowest stage, does in a step.
     *
     * @param rounds
     *            in which it waits for others
     * @param memory
     *            bytes
     * @param seconds
     *            predicted
     */
    public record Device(long bytes, int rounds, double multiplications, long memory, double seconds) {}

    /**
     * Reads a plan.
     *
     * @throws UserError
     *             if the file is none
     */
    public static PlanFile read(Path file) {
        try {
            PlanFile plan = JSON.readValue(Files.readAllBytes(file), PlanFile.class);
            if (!plan.format().equals(FORMAT)) {
                throw new UserError(
                        file + ": found a plan in the format '" + plan.format() + "'; expected '" + FORMAT + "'");
            }
            return plan;
        } catch (JacksonException notOne) {
            throw new UserError(
                    file + ": not a plan; expected a file that `einscale shard CONFIG --save FILE` has written",
                    notOne);
        } catch (IOException unreadable) {
            throw new UserError(Failure.describe(unreadable), unreadable);
        }
    }

    /**
     * The plan that is the {@link #text} of a file.
     *
     * @throws UserError
     *             if it is none
     */
    public static PlanFile parse(String text) {
        try {
            return JSON.readValue(text, PlanFile.class);
        } catch (JacksonException notOne) {
            throw new UserError("not a plan of this version: " + notOne.getOriginalMessage(), notOne);
        }
    }

    /** As the text of a file. */
    public String text() {
        try {
            return JSON.writeValueAsString(this) + "\n";
        } catch (JacksonException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What devices are told. */
    public Splitting splitting() {
        Mesh devices = new Mesh(new LinkedHashMap<>(mesh));
        List<Rule> all = rules.stream().map(rule -> Rules.of(devices, rule).rules().getFirst()).toList();
        return new Splitting(new Rules(devices, all), keepsParameters, Network.LOCAL);
    }
}

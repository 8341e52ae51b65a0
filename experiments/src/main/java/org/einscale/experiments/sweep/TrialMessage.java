package org.einscale.experiments.sweep;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.scaling.sweep.Progress;
import org.einscale.scaling.sweep.TrialResult;
import org.einscale.scaling.table.Evaluation;

/** What a sweep and a node tell one another of a trial. */
sealed interface TrialMessage {

    /**
     * A trial is to be trained.
     *
     * @param settings of the training, in HOCON
     * @param origin where it comes from, kept inside its model
     * @param program SHA-256 of what its settings mean to the sweep's version of the program
     */
    record Order(String name, String settings, Map<String, String> origin, String program) implements TrialMessage {}

    record Progressed(Progress progress) implements TrialMessage {}

    record Evaluated(Evaluation evaluation) implements TrialMessage {}

    record Finished(TrialResult result) implements TrialMessage {}

    /** The training failed at a step, and would so again. */
    record Diverged(long step, String reason) implements TrialMessage {}

    /** The training failed, in a way that is not known to come again. */
    record Failed(String reason) implements TrialMessage {}

    /** The node is not the one to train it. */
    record Refused(String reason) implements TrialMessage {}

    /** As text. */
    default String text() {
        return Json.text(this);
    }

    /** The message that a text holds. */
    static TrialMessage parse(String text) {
        return Json.parse(text);
    }

    /** Messages as JSON, each with its kind. */
    final class Json {
        private static final ObjectMapper JSON = new ObjectMapper();
        private static final String KIND = "kind";
        private static final String CONTENT = "content";
        private static final Map<String, Class<?>> KINDS = Stream.of(TrialMessage.class.getPermittedSubclasses())
                .collect(Collectors.toMap(Class::getSimpleName, kind -> kind));

        private Json() {
        }

        private static String text(TrialMessage message) {
            try {
                return JSON.writeValueAsString(
                        Map.of(KIND, message.getClass().getSimpleName(), CONTENT, JSON.valueToTree(message)));
            } catch (JacksonException e) {
                throw new IllegalStateException(e);
            }
        }

        private static TrialMessage parse(String text) {
            try {
                JsonNode message = JSON.readTree(text);
                Class<?> kind = KINDS.get(message.path(KIND).asText());
                if (kind == null) {
                    throw new IllegalArgumentException("no message is called " + message.path(KIND));
                }
                return (TrialMessage) JSON.treeToValue(message.path(CONTENT), kind);
            } catch (JacksonException e) {
                throw new IllegalArgumentException("a message makes no sense: " + e.getOriginalMessage(), e);
            }
        }
    }
}

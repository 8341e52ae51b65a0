package org.einscale.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import org.einscale.tensor.machine.Machine;
import org.junit.jupiter.api.Test;

class PreparedTrainingTest {
    private final PreparedTraining prepared = PreparedTraining.of(Tiny.model(), Tiny.spec(1), Tiny.text());

    @Test
    void countsTheFlopsOfAStep() {
        // A matrix parameter takes 2 forward and 4 backward for each token, as do keys and values for each pair of
        // tokens; cross-entropy takes 10 for each logit. Norms, activations and the update come on top.
        long tokens = 4 * Tiny.LENGTH;
        long matrices = 4 * 16 * 16 + 2 * 16 * 64 + 256 * 16;
        long attention = 2 * 16 * Tiny.LENGTH;
        long least = 6 * (matrices + attention) * tokens + 10 * 256 * tokens;
        assertThat(prepared.flopsPerStep()).isBetween(least, least * 11 / 10);
    }

    /** 12 L d T a token, however the batch is divided; nothing where nothing attends. */
    @Test
    void countsTheFlopsOfAttention() {
        long tokens = 4 * Tiny.LENGTH;
        assertThat(prepared.step().attentionFlops()).isEqualTo(12.0 * 16 * Tiny.LENGTH * tokens);
        assertThat(PreparedTraining.of(Tiny.model(), Tiny.spec(1).inMicroBatches(2), Tiny.text()).step()
                .attentionFlops()).isEqualTo(12.0 * 16 * Tiny.LENGTH * tokens);
        assertThat(PreparedTraining.of(Tiny.model("block = [mlp]"), Tiny.spec(1), Tiny.text()).step().attentionFlops())
                .isZero();
    }

    @Test
    void whatWasBuiltForOneMachineServesAnother() {
        PreparedTraining elsewhere = prepared.on(Machine.typical());

        assertThat(elsewhere.model()).isSameAs(prepared.model());
        assertThat(elsewhere.step().training()).isSameAs(prepared.step().training());
        assertThat(elsewhere.definition().spec()).isSameAs(prepared.definition().spec());
    }
}

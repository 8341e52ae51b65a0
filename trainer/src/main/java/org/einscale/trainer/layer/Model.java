package org.einscale.trainer.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Sizes;

/**
 * A language model for one size of batch: a program from tokens to the mean loss.
 *
 * @param program whose states are the parameters
 * @param sizes of every axis
 * @param tokens input [b l], numbers of tokens
 * @param targets input [b l], the token that follows each
 * @param weights input [b l], what each target counts, of mean 1 over the batch; present if they are not all 1
 * @param dropoutStep scalar input, a number that differs from step to step; present if the model has dropout
 * @param logits output [b l v]
 * @param loss scalar output, the mean negative log-likelihood of the targets, weighted if they are, in nats per token
 * @param parameters in the order in which the model first reads them
 * @param warnings what its layers may not mean, as texts that show the place
 */
public record Model(Program program, Sizes sizes, Value tokens, Value targets, Optional<Value> weights,
        Optional<Value> dropoutStep, Value logits, Value loss, List<Parameter> parameters, List<String> warnings) {
    public Model {
        parameters = List.copyOf(parameters);
        warnings = List.copyOf(warnings);
    }

    /** A model whose targets count alike, and that there is nothing to warn of. */
    public Model(Program program, Sizes sizes, Value tokens, Value targets, Optional<Value> dropoutStep, Value logits,
            Value loss, List<Parameter> parameters) {
        this(program, sizes, tokens, targets, Optional.empty(), dropoutStep, logits, loss, parameters, List.of());
    }

    /** The same model, told what each target counts: its loss is the mean of weights times losses. */
    public Model weighted() {
        List<Statement> before = new ArrayList<>(program.statements());
        Statement plain = before.stream().filter(statement -> statement.result().equals(loss)).findFirst()
                .orElseThrow();
        before.remove(plain);
        Value losses = plain.operation().operands().getFirst();
        ProgramBuilder builder = new ProgramBuilder(
                new Program(program.inputs(), program.states(), before, List.of(logits), program.updates()));
        Value given = builder.input("weights", losses.axes());
        Value mean = builder.append(loss.name(), List.of(),
                new Operation.Reduce(Operation.Reduction.MEAN, builder.multiply(losses, given)));
        return new Model(builder.build().only(logits, mean), sizes, tokens, targets, Optional.of(given), dropoutStep,
                logits, mean, parameters, warnings);
    }

    /** Number of elements of all parameters; a table that the head shares counts once. */
    public long parameterCount() {
        return count(parameter -> true);
    }

    /** The same without the parameters marked as embedding: N of the scaling laws of Kaplan et al. 2020. */
    public long nonEmbeddingParameterCount() {
        return count(parameter -> !parameter.embedding());
    }

    private long count(Predicate<Parameter> counted) {
        return parameters.stream().filter(counted).mapToLong(p -> sizes.volume(p.value().axes())).sum();
    }
}

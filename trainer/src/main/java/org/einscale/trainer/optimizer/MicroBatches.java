package org.einscale.trainer.optimizer;

import static org.einscale.einsum.program.Pointwise.operand;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.einscale.einsum.pass.gradient.Gradient;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.pipeline.Turn;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.einscale.trainer.layer.Model;

/**
 * Writes what is done with one part of a batch for all of its parts, one after the other. What is made of parameters alone is
 * made once, before the first part, and so is its cotangent, after the last one, from the sum over the parts of what comes
 * from them; nothing but such sums is kept from part to part. What a layer asks of the axis b itself, its size or positions along
 * it, is answered for a part.
 */
final class MicroBatches {
    /** Along which the sequences of a batch lie in every model. */
    private static final Axis SEQUENCE = new Axis("b");
    private static final Pointwise SUM = operand(0).plus(operand(1));

    private final Model model;
    private final Program once;
    private final Gradient.Result gradient;
    private final int parts;
    private final Map<Value, Turn> turnsOnce;
    private final Axis batch;
    private final ProgramBuilder builder;
    private final Value tokens;
    private final Value targets;
    private final Optional<Value> weights;
    private final Map<Value, Turn> turns = new HashMap<>();

    /**
     * @param model of one part
     * @param gradient of its share of the loss
     * @param turnsOnce of the results of that
     */
    MicroBatches(Model model, Gradient.Result gradient, int parts, Map<Value, Turn> turnsOnce) {
        this.model = model;
        this.gradient = gradient;
        this.once = gradient.program();
        this.parts = parts;
        this.turnsOnce = turnsOnce;
        this.batch = unknown(model.sizes());
        this.builder = ProgramBuilder.beside(once);
        this.tokens = input(model.tokens());
        this.targets = input(model.targets());
        this.weights = model.weights().map(this::input);
        model.dropoutStep().ifPresent(builder::keepInput);
        once.states().forEach(builder::keepState);
    }

    /** An axis that the model has not. */
    private static Axis unknown(Sizes sizes) {
        String name = "batch";
        while (sizes.has(new Axis(name))) {
            name += "_";
        }
        return new Axis(name);
    }

    /** An input of the whole batch, where the model has one of a part. */
    private Value input(Value part) {
        return builder.input(part.name(),
                part.axes().stream().map(axis -> axis.equals(SEQUENCE) ? batch : axis).toList());
    }

    /**
     * Loss and gradients of the whole batch.
     *
     * @param share what one part adds to the loss
     * @param gradientsOnce what it adds to the gradients
     */
    BatchGradient sum(Value share, SequencedMap<Value, Value> gradientsOnce) {
        Set<Value> before = before();
        before.remove(share);
        Set<Value> after = after(before, gradientsOnce.values());
        Set<Value> added = new HashSet<>(gradientsOnce.values());
        added.add(share);
        for (Statement statement : once.statements()) {
            if (after.contains(statement.result())) {
                added.addAll(statement.operation().operands());
            }
        }
        Map<Value, Value> whole = new HashMap<>();
        write(0, before, whole, Set.of(), Map.of());
        Map<Value, Value> sums = new HashMap<>();
        Set<Value> each = new HashSet<>();
        once.statements().forEach(statement -> each.add(statement.result()));
        each.removeAll(before);
        each.removeAll(after);
        for (int part = 0; part < parts; part++) {
            Map<Value, Value> here = new HashMap<>(whole);
            here.put(model.tokens(), slice(tokens, part));
            here.put(model.targets(), slice(targets, part));
            int at = part;
            weights.ifPresent(all -> here.put(model.weights().orElseThrow(), slice(all, at)));
            write(part, each, here, added, sums);
        }
        whole.putAll(sums);
        write(parts - 1, after, whole, Set.of(), Map.of());
        SequencedMap<Value, Value> gradients = new LinkedHashMap<>();
        gradientsOnce.forEach((parameter, gradient) -> gradients.put(parameter,
                Objects.requireNonNull(whole.get(gradient))));
        Sizes sizes = model.sizes().with(batch, parts * model.sizes().of(SEQUENCE));
        return new BatchGradient(builder.build(), sizes, tokens, targets, weights,
                Objects.requireNonNull(whole.get(share)),
                gradients, turns);
    }

    /** What the model makes without looking at the batch. */
    private Set<Value> before() {
        Set<Value> depends = new HashSet<>(Set.of(model.tokens(), model.targets()));
        model.weights().ifPresent(depends::add);
        Set<Value> before = new HashSet<>();
        for (Statement statement : once.statements()) {
            Value result = statement.result();
            if (result.axes().contains(SEQUENCE)
                    || statement.operation().operands().stream().anyMatch(depends::contains)) {
                depends.add(result);
            } else if (!turn(result).backward()) {
                before.add(result);
            }
        }
        return before;
    }

    /** Cotangents of what is made before, and sums that lead to these and to the gradients. */
    private Set<Value> after(Set<Value> before, Collection<Value> gradients) {
        Map<Value, Statement> makers = new HashMap<>();
        once.statements().forEach(statement -> makers.put(statement.result(), statement));
        Set<Value> after = new HashSet<>();
        for (Statement statement : once.statements()) {
            Value through = gradient.through().get(statement.result());
            if (through != null && before.contains(through)
                    || statement.operation().operands().stream().anyMatch(after::contains)) {
                after.add(statement.result());
            }
        }
        Deque<Value> ends = new ArrayDeque<>(gradients);
        after.forEach(value -> ends.addAll(Objects.requireNonNull(makers.get(value)).operation().operands()));
        while (!ends.isEmpty()) {
            Value end = ends.pop();
            Statement maker = makers.get(end);
            if (maker != null && turn(end).backward()
                    && maker.operation() instanceof Operation.Map map && map.expression().equals(SUM)) {
                after.add(end);
                ends.addAll(map.operands());
            }
        }
        return after;
    }

    private Turn turn(Value once) {
        return Objects.requireNonNull(turnsOnce.get(once));
    }

    /**
     * Writes some of the statements.
     *
     * @param here what the operands are called
     * @param added results whose sum over the parts is wanted
     * @param sums of the parts before
     */
    private void write(int part, Set<Value> which, Map<Value, Value> here, Set<Value> added, Map<Value, Value> sums) {
        for (Statement statement : once.statements()) {
            Value result = statement.result();
            if (!which.contains(result)) {
                continue;
            }
            List<Value> operands = statement.operation().operands().stream().map(v -> here.getOrDefault(v, v))
                    .toList();
            Value made = append(result, section(statement.operation().on(operands), part, parts), part);
            here.put(result, made);
            if (added.contains(result)) {
                Value sum = sums.get(result);
                sums.put(result, sum == null
                        ? made
                        : append(result, new Operation.Map(SUM, List.of(sum, made)), part));
            }
        }
    }

    private Value append(Value like, Operation operation, int part) {
        Value made = builder.append(like.name(), like.axes(), operation);
        turns.put(made, new Turn(part, turn(like).backward(), turn(like).depth()));
        return made;
    }

    private Value slice(Value whole, int part) {
        Value made = builder.slice(whole, batch, Collections.nCopies(parts, SEQUENCE), part);
        turns.put(made, new Turn(part, false, 0));
        return made;
    }

    /** Draws are those of the whole batch, whatever its parts. */
    private static Operation section(Operation operation, int part, int parts) {
        return operation instanceof Operation.Bernoulli b
                ? new Operation.Bernoulli(b.keep(), b.seed(), b.name(), b.step(),
                        Optional.of(new Operation.Section(SEQUENCE, part, parts)))
                : operation;
    }
}

package org.einscale.einsum.program;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Nearest;

/**
 * What a {@link Statement} computes. The interface is sealed: a pass switches over all operations and does not compile
 * until it knows a new one.
 */
public sealed interface Operation {

    /** Values that are read, in the order of the operation's own definition. */
    List<Value> operands();

    /** Whether devices need one another for it. */
    default boolean meets() {
        return this instanceof Collective || this instanceof Send || this instanceof Receive;
    }

    /** The same operation on other operands, whose axes are those of its own. */
    default Operation on(List<Value> in) {
        return switch (this) {
            case Contract c -> new Contract(in, c.terms, c.output, c.semiring);
            case Accumulate a -> new Accumulate(in.getFirst(), a.addend.on(in.subList(1, in.size())));
            case Map map -> new Map(map.expression, in);
            case Reduce r -> new Reduce(r.reduction, in.getFirst());
            case ProductGradient _ -> new ProductGradient(in.getFirst(), in.get(1));
            case Softmax s -> new Softmax(in.getFirst(), s.axis, s.query);
            case SoftmaxGradient s -> new SoftmaxGradient(in.getFirst(), in.get(1), s.axis, s.query);
            case Normalise n -> new Normalise(n.norm, in.getFirst(), n.axis, n.epsilon);
            case NormaliseGradient n -> new NormaliseGradient(n.norm, in.getFirst(), in.get(1), n.axis, n.epsilon);
            case Take t -> new Take(in.getFirst(), in.get(1), t.axis);
            case TakeGradient t -> new TakeGradient(in.getFirst(), in.get(1), t.axis);
            case CrossEntropy c -> new CrossEntropy(in.getFirst(), in.get(1), c.axis);
            case CrossEntropyGradient c -> new CrossEntropyGradient(in.getFirst(), in.get(1), in.get(2), c.axis);
            case Split s -> new Split(in.getFirst(), s.axis, s.parts);
            case Merge m -> new Merge(in.getFirst(), m.parts, m.axis);
            case Slice s -> new Slice(in.getFirst(), s.axis, s.parts, s.part);
            case Concatenate c -> new Concatenate(in, c.axis, c.parts, c.at);
            case Collective c -> new Collective(c.exchange, c.reduction, in.getFirst(), c.over);
            case Shard _ -> new Shard(in.getFirst());
            case Send s -> new Send(in.getFirst(), s.link);
            case Receive receive -> receive;
            case Iota iota -> iota;
            case Bernoulli b -> new Bernoulli(b.keep, b.seed, b.name, in.getFirst(), b.section);
        };
    }

    /**
     * Sum of products (einsum): {@code result[output] = sum over all other axes of the product of operands[i][terms[i]]}.
     * Terms name the axes of their operand <em>by position</em>, so an operand's axis may go by another name here, and a
     * name twice in one term takes a diagonal. The output names the result's axes by position likewise.
     *
     * @param terms
     *            a list of names for each operand, as long as the operand's axes
     * @param output
     *            distinct names, each in at least one term
     * @param semiring
     *            what adds and multiplies
     */
    record Contract(List<Value> operands, List<List<Axis>> terms, List<Axis> output, Semiring semiring)
            implements
                Operation {
        /** The sum of products. */
        public Contract(List<Value> operands, List<List<Axis>> terms, List<Axis> output) {
            this(operands, terms, output, Semiring.SUM_PRODUCT);
        }

        public Contract {
            operands = List.copyOf(operands);
            terms = terms.stream().map(List::copyOf).toList();
            output = List.copyOf(output);
            require(operands.size() == terms.size(),
                    "einsum has " + terms.size() + " terms for " + operands.size() + " operands");
            for (int i = 0; i < terms.size(); i++) {
                Value operand = operands.get(i);
                require(terms.get(i).size() == operand.axes().size(), "operand " + i + ", '" + operand.name() + "' "
                        + Value.text(operand.axes()) + ", has " + operand.axes().size() + " axes, but its term "
                        + Value.text(terms.get(i)) + " names " + terms.get(i).size());
            }
            for (Axis axis : output) {
                require(terms.stream().anyMatch(t -> t.contains(axis)),
                        "output axis '" + axis.name() + "' is in no operand's term");
            }
            require(output.stream().distinct().count() == output.size(),
                    "output " + Value.text(output) + " repeats an axis");
        }

        /** What happens along each axis, by the terms' names. */
        public AxisRoles roles() {
            return new AxisRoles(terms, output);
        }

        /** The program's name of each axis of the terms: that of the first operand that has it. */
        public java.util.Map<Axis, Axis> names() {
            java.util.Map<Axis, Axis> names = new LinkedHashMap<>();
            for (int i = 0; i < terms.size(); i++) {
                for (int j = 0; j < terms.get(i).size(); j++) {
                    names.putIfAbsent(terms.get(i).get(j), operands.get(i).axes().get(j));
                }
            }
            return names;
        }
    }

    /**
     * A value plus what an operation comes to, for operations that can add to what is there: the result is in the value's
     * memory, which nothing reads any more.
     *
     * @param total
     *            has the result's axes
     * @param addend
     *            a sum of products or the gradient of a normalisation
     */
    record Accumulate(Value total, Operation addend) implements Operation {
        public Accumulate {
            require(isAddend(addend), "accumulate: " + Notation.of(addend, total.axes()) + " cannot be added in place");
        }

        /** Whether an operation can add to what is there. */
        public static boolean isAddend(Operation operation) {
            return switch (operation) {
                case Contract contract -> contract.semiring() == Semiring.SUM_PRODUCT;
                case NormaliseGradient _ -> true;
                default -> false;
            };
        }

        /** The total, then the operands of the addend. */
        @Override
        public List<Value> operands() {
            return Stream.concat(Stream.of(total), addend.operands().stream()).toList();
        }
    }

    /** An expression at every element of the result; operands are aligned with it by axis name and repeated over the axes they lack. */
    record Map(Pointwise expression, List<Value> operands) implements Operation {
        public Map {
            operands = List.copyOf(operands);
        }
    }

    /**
     * How {@link Reduce} combines elements. Of no elements, a sum is 0, a product 1, a mean NaN, a maximum minus infinity, a
     * minimum infinity and a log-sum-exp minus infinity.
     */
    enum Reduction {
        SUM, MEAN, MAX, MIN, PROD,
        /** {@code log(sum(exp(x)))}, without overflow where the result is representable. */
        LOG_SUM_EXP
    }

    /** Combines the elements along all axes that the result lacks. */
    record Reduce(Reduction reduction, Value operand) implements Operation {
        @Override
        public List<Value> operands() {
            return List.of(operand);
        }
    }

    /**
     * Cotangent of the operand x of a {@link Reduction#PROD}: at every element the cotangent dy of the product, times the product of
     * the other elements.
     */
    record ProductGradient(Value x, Value dy) implements Operation {
        @Override
        public List<Value> operands() {
            return List.of(x, dy);
        }
    }

    /**
     * {@code exp(x) / sum exp(x)} along an axis. With a query axis the softmax is causal: at query position q of size Q,
     * only the first {@code q + 1 + (n - Q)} of the n entries take part and the others are exactly 0.
     *
     * @param query
     *            the axis of query positions, empty for no mask
     */
    record Softmax(Value operand, Axis axis, Optional<Axis> query) implements Operation {
        public Softmax {
            requireAxis(operand, axis, "softmax", near -> !query.equals(Optional.of(near)));
            query.ifPresent(q -> requireAxis(operand, q, "causal softmax", near -> !near.equals(axis)));
            require(!query.equals(Optional.of(axis)), "causal softmax: axis '" + axis.name()
                    + "' cannot be that of the query positions too; expected two axes");
        }

        @Override
        public List<Value> operands() {
            return List.of(operand);
        }
    }

    /** Cotangent of a softmax's operand, {@code y * (dy - sum(y * dy))}, from its result y and the cotangent dy of that. */
    record SoftmaxGradient(Value y, Value dy, Axis axis, Optional<Axis> query) implements Operation {
        @Override
        public List<Value> operands() {
            return List.of(y, dy);
        }
    }

    /** Which statistics {@link Normalise} takes out. */
    enum Norm {
        /** Mean and variance: {@code (x - mean) / sqrt(variance + epsilon)} (Ba, Kiros and Hinton 2016). */
        LAYER,
        /** Root mean square: {@code x / sqrt(mean(x^2) + epsilon)} (Zhang and Sennrich 2019). */
        RMS
    }

    /** Normalises along an axis, without gain or bias. */
    record Normalise(Norm norm, Value operand, Axis axis, double epsilon) implements Operation {
        public Normalise {
            requireAxis(operand, axis, "normalise", _ -> true);
        }

        @Override
        public List<Value> operands() {
            return List.of(operand);
        }
    }

    /** Cotangent of the operand x of a {@link Normalise}, from x and the cotangent dy of its result. */
    record NormaliseGradient(Norm norm, Value x, Value dy, Axis axis, double epsilon) implements Operation {
        @Override
        public List<Value> operands() {
            return List.of(x, dy);
        }
    }

    /**
     * Rows of a table by number (embedding): the table's axis is replaced by the axes of the indices, which come first in
     * the result. Indices are whole numbers in the program's floating-point format.
     */
    record Take(Value table, Value indices, Axis axis) implements Operation {
        public Take {
            requireAxis(table, axis, "take", near -> table.axes().stream()
                    .noneMatch(other -> !other.equals(near) && indices.axes().contains(other)));
        }

        @Override
        public List<Value> operands() {
            return List.of(table, indices);
        }
    }

    /** Cotangent of a {@link Take}'s table: each row of dy added to the row of the result that its index names. */
    record TakeGradient(Value indices, Value dy, Axis axis) implements Operation {
        @Override
        public List<Value> operands() {
            return List.of(indices, dy);
        }
    }

    /** Negative log-likelihood in nats of the target class under softmax(logits) along an axis; targets lack that axis. */
    record CrossEntropy(Value logits, Value targets, Axis axis) implements Operation {
        public CrossEntropy {
            requireAxis(logits, axis, "cross-entropy", near -> targets.axes()
                    .equals(logits.axes().stream().filter(other -> !other.equals(near)).toList()));
        }

        @Override
        public List<Value> operands() {
            return List.of(logits, targets);
        }
    }

    /** Cotangent of the logits of a {@link CrossEntropy}: {@code (softmax(logits) - onehot(targets)) * dy}. */
    record CrossEntropyGradient(Value logits, Value targets, Value dy, Axis axis) implements Operation {
        @Override
        public List<Value> operands() {
            return List.of(logits, targets, dy);
        }
    }

    /** One axis seen as several, outermost first: the size of the axis is the product of theirs. */
    record Split(Value operand, Axis axis, List<Axis> parts) implements Operation {
        public Split {
            List<Axis> made = List.copyOf(parts);
            parts = made;
            requireAxis(operand, axis, "split", near -> canBecome(operand, near, made));
            require(!parts.isEmpty(), "split: axis '" + axis.name() + "' has no parts; expected at least one");
        }

        @Override
        public List<Value> operands() {
            return List.of(operand);
        }
    }

    /** Adjacent axes seen as one, outermost first: the inverse of {@link Split}. */
    record Merge(Value operand, List<Axis> parts, Axis axis) implements Operation {
        public Merge {
            parts = List.copyOf(parts);
            require(!parts.isEmpty(), "merge: axis '" + axis.name() + "' has no parts; expected at least one");
            require(Collections.indexOfSubList(operand.axes(), parts) >= 0,
                    "merge: axes " + Value.text(parts) + " do not stand side by side in " + operand);
        }

        @Override
        public List<Value> operands() {
            return List.of(operand);
        }
    }

    /**
     * A part of an axis that is made of parts laid end to end ({@code k = r + r}): the part with the given position, whose
     * name replaces the axis in the result.
     */
    record Slice(Value operand, Axis axis, List<Axis> parts, int part) implements Operation {
        public Slice {
            parts = List.copyOf(parts);
            Axis kept = parts.get(Objects.checkIndex(part, parts.size()));
            requireAxis(operand, axis, "slice", near -> canBecome(operand, near, List.of(kept)));
        }

        @Override
        public List<Value> operands() {
            return List.of(operand);
        }
    }

    /**
     * Operands laid end to end along an axis made of parts: operand i is the part with position {@code at[i]}, and parts
     * with no operand are 0. Inverse and cotangent of {@link Slice}.
     */
    record Concatenate(List<Value> operands, Axis axis, List<Axis> parts, List<Integer> at) implements Operation {
        public Concatenate {
            operands = List.copyOf(operands);
            parts = List.copyOf(parts);
            at = List.copyOf(at);
            require(at.stream().distinct().count() == at.size(),
                    "concatenate: positions " + at + " repeat one; expected each at most once");
            require(operands.size() == at.size(),
                    "concatenate: " + operands.size() + " operands for " + at.size() + " parts");
            for (int i = 0; i < at.size(); i++) {
                Value operand = operands.get(i);
                requireAxis(operand, parts.get(at.get(i)), "concatenate",
                        near -> canBecome(operand, near, List.of(axis)));
            }
        }
    }

    /** What devices of a mesh do together in a {@link Collective}. */
    enum Exchange {
        /** Every device gets the sum of what all have. */
        ALL_REDUCE,
        /** Every device gets its part of the sum of what all have. */
        REDUCE_SCATTER,
        /** Every device gets all parts of an axis of which each has one. */
        ALL_GATHER,
        /** Every device sends a part of its own to each, so that another axis is split than before. */
        ALL_TO_ALL,
        /** Every device sends all that it has to one, and gets all that one has. */
        PERMUTE;

        /** What the cotangent of the operand is made with from that of the result: the transposed linear map. */
        public Exchange transposed() {
            return switch (this) {
                case ALL_GATHER -> REDUCE_SCATTER;
                case REDUCE_SCATTER -> ALL_GATHER;
                case ALL_REDUCE, ALL_TO_ALL, PERMUTE -> this;
            };
        }
    }

    /**
     * A value that devices of a mesh make together: those that differ in their position along the given mesh axes only. How
     * operand and result are split is said by their axes, which are the same position by position but for the mesh axes
     * that they are split over.
     *
     * @param reduction
     *            what becomes of what several devices have of the same elements: SUM, MAX, MIN or PROD
     * @param over
     *            mesh axes
     */
    record Collective(Exchange exchange, Reduction reduction, Value operand, List<String> over) implements Operation {
        /** Elements up to which devices may read what another brings to an all-reduce while that one writes its result. */
        public static final long AT_ONCE = 1 << 18;

        public Collective {
            over = List.copyOf(over);
            require(!over.isEmpty(), "collective of '" + operand.name() + "' over no axis of the mesh");
        }

        @Override
        public List<Value> operands() {
            return List.of(operand);
        }
    }

    /** What a device keeps of a value of which it has more: the result's axes are parts of the operand's. Nothing is sent. */
    record Shard(Value operand) implements Operation {
        @Override
        public List<Value> operands() {
            return List.of(operand);
        }
    }

    /**
     * A copy of a value that another device, which runs another program, gets: what it {@linkplain Receive receives} through
     * the same link. It is kept to the end of the run, so that nobody waits for the other.
     */
    record Send(Value operand, int link) implements Operation {
        @Override
        public List<Value> operands() {
            return List.of(operand);
        }
    }

    /** What another device {@linkplain Send sends} through a link. */
    record Receive(int link) implements Operation {
        @Override
        public List<Value> operands() {
            return List.of();
        }
    }

    /** Positions along the result's one axis: 0, 1, 2, ..., or from the start of the part that it is. */
    record Iota() implements Operation {
        @Override
        public List<Value> operands() {
            return List.of();
        }
    }

    /**
     * Independent draws that are 1 with probability {@code keep}, else 0. They depend on the seed and name, on the scalar
     * {@code step} and on an element's position, and on nothing else: not on the mesh, the thread or the order.
     *
     * @param section
     *            of what the result is a section, if it is one; positions are those in the whole
     */
    record Bernoulli(double keep, long seed, String name, Value step, Optional<Section> section)
            implements
                Operation {
        public Bernoulli {
            require(keep > 0 && keep <= 1,
                    "'" + name + "': the probability to keep is " + keep + "; expected above 0 and at most 1");
        }

        @Override
        public List<Value> operands() {
            return List.of(step);
        }
    }

    /**
     * One of several equal lengths that a longer axis consists of, when only that one is at hand.
     *
     * @param axis
     *            what the section's own axis is called
     * @param number
     *            of the section, from 0
     * @param count
     *            of sections
     */
    record Section(Axis axis, int number, int count) {}

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new ProgramError(message);
        }
    }

    /** Refuses an axis that the operand lacks, naming the nearest that it has and that would do instead. */
    private static void requireAxis(Value operand, Axis axis, String what, Predicate<Axis> works) {
        if (!operand.axes().contains(axis)) {
            List<String> known = operand.axes().stream().map(Axis::name).toList();
            throw new ProgramError(what + ": '" + operand.name() + "' " + Value.text(operand.axes()) + " has no axis '"
                    + axis.name() + "'" + Nearest.to(axis.name(), known, near -> works.test(new Axis(near)))
                            .map(near -> "; did you mean '" + near + "'?").orElse(""));
        }
    }

    /** Whether no axis is there twice once others stand for one of the operand's. */
    private static boolean canBecome(Value operand, Axis axis, List<Axis> others) {
        return operand.axes().stream().noneMatch(other -> !other.equals(axis) && others.contains(other));
    }
}

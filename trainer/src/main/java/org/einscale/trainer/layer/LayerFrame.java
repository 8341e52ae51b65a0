package org.einscale.trainer.layer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Nearest;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Unary;

/** One application of a layer while it is compiled: what names mean, and the steps' expressions turned into terms. */
final class LayerFrame {
    private final LayerCompiler compiler;
    private final Layer layer;
    private final String scope;
    private final AxisScope axes;
    private final Map<String, Pending> bindings = new HashMap<>();
    private final Map<String, Integer> uses = new HashMap<>();
    private final Set<String> called;
    private final Set<String> read = new HashSet<>();
    private LayerStep step;

    LayerFrame(LayerCompiler compiler, Layer layer, String scope, AxisScope axes) {
        this.compiler = compiler;
        this.layer = layer;
        this.scope = scope;
        this.axes = axes;
        this.called = layer.steps().stream().flatMap(s -> s.expression().calls()).collect(Collectors.toSet());
        this.step = layer.steps().getFirst();
    }

    /** Gives a term a name, computed first if more than one later expression reads it. */
    Pending bind(String name, Pending term, int uses) {
        Pending bound = uses > 1 ? Pending.of(term.value(compiler.builder(), scope + "." + name)) : term;
        bindings.put(name, bound);
        return bound;
    }

    /** The right-hand side of a step. */
    Pending compile(LayerStep next) {
        step = next;
        return compile(next.expression());
    }

    void requireAllParametersRead() {
        for (String parameter : layer.parameters().keySet()) {
            if (!read.contains(parameter)) {
                throw new IllegalArgumentException(
                        "layer '" + layer.name() + "': parameter '" + parameter + "' is never used");
            }
        }
    }

    /** The expression as a value. */
    Value value(Expression expression) {
        String name = expression instanceof Expression.Name earlier && bindings.containsKey(earlier.name())
                ? scope + "." + earlier.name()
                : valueName();
        return compile(expression).value(compiler.builder(), name);
    }

    Pending compile(Expression expression) {
        return switch (expression) {
            case Expression.Number(double value, int _) -> Pending.of(Pointwise.constant(value));
            case Expression.Name name -> lookUp(name);
            case Expression.Negate(Expression argument, int _) -> compile(argument).apply(Unary.NEGATE);
            case Expression.Infix(Binary operator, Expression left, Expression right, int _) ->
                combine(operator, compile(left), compile(right), expression.at());
            case Expression.Call call -> call(call);
            case Expression.Text(String _, int at) ->
                throw error(at - 1, "axes in quotes stand only as an argument of an operation");
        };
    }

    private Pending lookUp(Expression.Name name) {
        Pending bound = bindings.get(name.name());
        if (bound != null) {
            return bound;
        }
        Declaration declaration = layer.parameters().get(name.name());
        if (declaration != null) {
            read.add(name.name());
            return Pending.of(compiler.parameter(scope + "." + name.name(), declaration, layer, axes));
        }
        List<String> known = new ArrayList<>(bindings.keySet());
        known.addAll(layer.parameters().keySet());
        known.sort(null);
        throw error(name.at(), "there is no '" + name.name() + "' here; known are " + String.join(", ", known)
                + hint(name.name(), known, near -> step.rewritten(name.at(), name.name(), near)));
    }

    private Pending combine(Binary function, Pending left, Pending right, int at) {
        Set<Axis> all = new LinkedHashSet<>(left.axes());
        right.axes().forEach(axis -> requireOne(all, axis, at));
        all.addAll(right.axes());
        List<Axis> axes = List.copyOf(all);
        return left.within(axes, compiler.builder(), valueName()).combine(function,
                right.within(axes, compiler.builder(), valueName()));
    }

    /** Axes of one name are one axis, as a person who writes a name means one thing. */
    private void requireOne(Set<Axis> left, Axis right, int at) {
        AxisNames names = compiler.names();
        for (Axis axis : left) {
            if (!axis.equals(right) && names.name(axis).equals(names.name(right))) {
                names.meet(axis, right);
                throw error(at,
                        "axis '" + names.name(axis) + "' is " + names.sizeText(axis) + " on the left, but another of "
                                + names.sizeText(right) + " on the right; expected one axis, or different names");
            }
        }
    }

    private Pending call(Expression.Call call) {
        boolean quoted = call.arguments().stream().anyMatch(Expression.Text.class::isInstance);
        boolean operation = quoted && Functions.takesAxes(call.function());
        if (!operation && compiler.layers().has(call.function())) {
            return apply(call);
        }
        Arguments arguments = new Arguments(this, call);
        Unary unary = Functions.UNARY.get(call.function());
        if (unary != null) {
            arguments.require(1, 1);
            return arguments.term(0).apply(unary);
        }
        Binary binary = Functions.BINARY.get(call.function());
        if (binary != null && !operation) {
            arguments.require(2, 2);
            return combine(binary, arguments.term(0), arguments.term(1), call.at());
        }
        if (call.function().equals("dropout")) {
            arguments.require(1, 2);
            Optional<Double> rate = call.arguments().size() == 2 ? Optional.of(arguments.rate(1)) : Optional.empty();
            return compiler.dropout(arguments.term(0), rate, scope + "." + unique("dropout"));
        }
        return operation(call, arguments);
    }

    private Pending operation(Expression.Call call, Arguments arguments) {
        if (Functions.usage(call.function()).isEmpty()) {
            Set<String> known = new LinkedHashSet<>(Functions.names());
            known.addAll(compiler.layers().names());
            throw error(call.at(), "there is no operation or layer '" + call.function() + "'; there are "
                    + String.join(", ", known) + hint(call.function(), known,
                            near -> step.rewritten(call.at(), call.function(), near)));
        }
        try {
            return new Operations(compiler.builder(), arguments, valueName(), axes, compiler.names(),
                    compiler.scales()).term();
        } catch (LayerError e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw error(call.at(), String.valueOf(e.getMessage()));
        }
    }

    private Pending apply(Expression.Call call) {
        Layer callee = compiler.layers().of(call.function());
        if (call.arguments().size() != callee.inputs().size()) {
            throw error(call.at(),
                    "layer '" + call.function() + "' takes (" + String.join(", ", callee.inputs()) + "); found "
                            + call.arguments().size() + (call.arguments().size() == 1 ? " argument" : " arguments"));
        }
        compiler.check(callee);
        List<Pending> arguments = call.arguments().stream().map(this::compile).toList();
        try {
            return compiler.apply(callee, scope + "." + unique(call.function()), arguments, axes);
        } catch (LayerError e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw error(call.at(), String.valueOf(e.getMessage()));
        }
    }

    /** The name, with _2 and so on from the second time on that it is asked for, skipping what the layer calls itself. */
    private String unique(String name) {
        int count = uses.merge(name, 1, Integer::sum);
        String numbered = count == 1 ? name : name + "_" + count;
        return count > 1 && called.contains(numbered) ? unique(name) : numbered;
    }

    private String valueName() {
        return scope + "." + step.name();
    }

    /**
     * The nearest name, if there is one with which the step compiles.
     *
     * @param rewritten the step's line with a name in the place of the one found
     */
    String hint(String found, Collection<String> known, UnaryOperator<String> rewritten) {
        return Nearest.to(found, known, near -> compiler.names().allow(names -> compile(rewritten.apply(near), names)))
                .map(near -> "; did you mean '" + near + "'?").orElse("");
    }

    private void compile(String line, AxisNames trial) {
        LayerFrame frame = new LayerFrame(compiler.onTrial(trial), layer, scope, new AxisScope(trial, axes));
        frame.bindings.putAll(bindings);
        frame.uses.putAll(uses);
        frame.compile(LayerParser.step(step.where(), line));
    }

    /** The step's line with another text in quotes. */
    String rewritten(Expression.Text text, String other) {
        return step.rewritten(text.at(), text.text(), other);
    }

    void warn(int at, String problem) {
        compiler.warn(String.valueOf(error(at, problem).getMessage()));
    }

    LayerError error(int at, String problem) {
        return error(step, at, problem);
    }

    LayerError error(LayerStep where, int at, String problem) {
        return where.error(at, problem);
    }
}

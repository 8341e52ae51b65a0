package org.einscale.sharding.partition;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Preset;
import org.einscale.sharding.Rule;
import org.einscale.sharding.Rule.Scope;
import org.einscale.sharding.Rules;
import org.einscale.sharding.Sharding;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/**
 * How every value of a program is wanted by the rules. What is made for the update of a state and goes into it element by
 * element, as the gradient of a parameter goes into the moments of an optimizer, is wanted as that state is. Where rules are
 * about values with names only, how all others are wanted follows from these.
 */
final class Homes {
    private final Map<Value, Sharding> homes = new HashMap<>();
    private final List<Rule> rules;
    private final Set<Value> optimizerStates;
    /** States, and the states that other values are wanted like. */
    private final Map<Value, Value> states = new HashMap<>();
    private final Set<Value> forced = new HashSet<>();

    Homes(Program program, Sizes sizes, Rules rules, Set<Value> optimizerStates) {
        this.rules = rules.rules();
        this.optimizerStates = Set.copyOf(optimizerStates);
        if (rules.onlyNamed()) {
            homes.putAll(Propagation.of(program, sizes, rules));
            return;
        }
        program.values().forEach(value -> homes.put(value, rules.of(value, sizes)));
        program.states().forEach(state -> homes.put(state,
                optimizerStates.contains(state)
                        ? rules.ofOptimizerState(state, sizes)
                        : rules.ofParameter(state, sizes)));
        Map<Value, Value> like = new HashMap<>();
        Set<Value> made = program.statements().stream().map(Statement::result).collect(Collectors.toSet());
        program.updates().forEach((state, update) -> {
            if (made.contains(update)) {
                like.merge(update, state, (a, b) -> optimizerStates.contains(b) ? b : a);
            }
        });
        for (Statement statement : program.statements().reversed()) {
            Value state = like.get(statement.result());
            if (state != null && statement.operation() instanceof Operation.Map map) {
                for (Value operand : map.operands()) {
                    if (operand.axes().equals(statement.result().axes()) && made.contains(operand)) {
                        like.putIfAbsent(operand, state);
                    }
                }
            }
        }
        like.forEach((value, state) -> homes.put(value, of(state)));
        states.putAll(like);
        program.states().forEach(state -> states.put(state, state));
    }

    /** What was declared of some values; all others may be as they come. */
    Homes(Map<Value, Sharding> declared) {
        homes.putAll(declared);
        rules = List.of();
        optimizerStates = Set.of();
    }

    /** The same, but for a value that is to be split so as soon as it is there, whatever that takes. */
    Homes forcing(Value value, Sharding sharding) {
        homes.put(value, sharding);
        forced.add(value);
        return this;
    }

    /** Whether it is a state, or goes into one element by element. */
    boolean isOfState(Value value) {
        return states.containsKey(value);
    }

    boolean forces(Value value) {
        return forced.contains(value);
    }

    Sharding of(Value value) {
        Sharding home = homes.get(value);
        if (home == null) {
            throw new IllegalStateException(value + " is not of the program");
        }
        return home;
    }

    /** The rule by which an axis of a value is split over a mesh axis. */
    Optional<Rule> rule(Value value, Axis axis, String mesh) {
        return rules.stream()
                .filter(rule -> rule.over().contains(mesh) && applies(rule.scope(), value)
                        && (rule.axis().equals(axis.base()) || rule.axis().equals(Rule.ANY)))
                .max(Comparator.comparing(rule -> rule.scope() instanceof Scope.Named));
    }

    /** Whether shardings were declared, and there are no rules. */
    boolean given() {
        return rules.isEmpty();
    }

    /** Whether it was declared that an axis of a value is split over a mesh axis. */
    boolean declares(Value value, Axis axis, String mesh) {
        Sharding home = homes.get(value);
        return given() && home != null && home.split().get(value.axes().indexOf(axis)).contains(mesh);
    }

    /** Whether values move to and fro by what a rule is part of. */
    boolean moves(Rule rule) {
        return Preset.moves(rule, rules);
    }

    private boolean applies(Scope scope, Value value) {
        Value state = states.get(value);
        return switch (scope) {
            case Scope.All _ -> true;
            case Scope.Parameters _ -> state != null;
            case Scope.OptimizerStates _ -> state != null && optimizerStates.contains(state);
            case Scope.Named(String name) -> name.equals(value.name());
        };
    }
}

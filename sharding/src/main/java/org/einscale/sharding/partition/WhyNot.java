package org.einscale.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Rule;
import org.einscale.sharding.Sharding;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.Splitting;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/**
 * Why a value is not split in some way: what stands against it, and how devices would share the program if it were.
 *
 * @param held
 *            how the value is split as it is made, or given
 * @param reasons
 *            a line each
 * @param otherwise
 *            the plan in which the value is split so and everything else as is then best
 */
public record WhyNot(Value value, Sharding held, Sharding wanted, List<String> reasons, Partition otherwise) {

    /**
     * Asks of a program that was split by rules.
     *
     * @param value
     *            an input, a state, or the result of a statement of the whole program
     * @throws ShardingError
     *             if it has fewer elements along an axis than there would be devices
     */
    public static WhyNot of(Partition plan, Value value, Sharding wanted, Splitting splitting,
            Set<Value> optimizerStates, int elementBytes) {
        return of(plan, value, wanted, new Homes(plan.whole(), plan.sizes(), splitting.rules(), optimizerStates),
                splitting.keepsParameters() ? Set.of() : Set.copyOf(plan.whole().states()), splitting.network(),
                elementBytes, Optional.empty());
    }

    /** Asks of a program of one contraction between given shardings. */
    public static WhyNot ofContraction(Partition plan, Value value, Sharding wanted, Network network,
            int elementBytes) {
        return of(plan, value, wanted, new Homes(plan.shardings()), Set.of(), network, elementBytes,
                Optional.of(plan.mesh().axes().keySet().stream().map(List::of).toList()));
    }

    private static WhyNot of(Partition plan, Value value, Sharding wanted, Homes homes, Set<Value> gatheredAnew,
            Network network, int elementBytes, Optional<List<List<String>>> units) {
        Sharding held = plan.held(value);
        requireElements(value, wanted, plan.mesh(), plan.sizes());
        List<String> reasons = new Held(plan, homes, value, held, wanted).reasons();
        Partition otherwise = new Partitioner(plan.whole(), plan.sizes(), plan.mesh(), homes.forcing(value, wanted),
                gatheredAnew, network, elementBytes, units).best();
        return new WhyNot(value, held, wanted, reasons, otherwise);
    }

    private static void requireElements(Value value, Sharding wanted, Mesh mesh, Sizes sizes) {
        for (int i = 0; i < value.axes().size(); i++) {
            int devices = mesh.devices(wanted.split().get(i));
            int size = sizes.of(value.axes().get(i));
            if (size < devices) {
                throw new ShardingError(value.name() + " cannot be held as " + wanted.text(value.axes()) + ": axis '"
                        + value.axes().get(i) + "' has " + size + " elements for " + devices
                        + " devices; expected at least one each");
            }
        }
    }

    private record Held(Partition plan, Homes homes, Value value, Sharding held, Sharding wanted) {

        List<String> reasons() {
            List<String> reasons = new ArrayList<>();
            for (int i = 0; i < value.axes().size(); i++) {
                for (String mesh : wanted.split().get(i)) {
                    if (!held.split().get(i).contains(mesh)) {
                        reasons.add(missing(value.axes().get(i), mesh));
                    }
                }
                for (String mesh : held.split().get(i)) {
                    if (!wanted.splitOver().contains(mesh)) {
                        Axis axis = value.axes().get(i);
                        reasons.add(
                                mesh + " splits " + axis + homes.rule(value, axis, mesh).map(rule -> " by rule " + rule)
                                        .orElse(", as what it is made from is split"));
                    }
                }
            }
            held.partial().stream()
                    .filter(mesh -> !wanted.partial().contains(mesh) && !wanted.splitOver().contains(mesh))
                    .forEach(mesh -> reasons
                            .add("it is an unfinished sum over " + mesh
                                    + ", which is finished where something needs it whole"));
            return reasons;
        }

        /** Why an axis of the value is not split over a mesh axis. */
        private String missing(Axis axis, String mesh) {
            Optional<Rule> rule = homes.rule(value, axis, mesh);
            Optional<Axis> other = value.axes().stream()
                    .filter(a -> held.split().get(value.axes().indexOf(a)).contains(mesh)).findFirst();
            String asked = rule.map(r -> "rule " + r + " asks for " + axis + " over " + mesh)
                    .orElse("nothing asks for " + axis + " over " + mesh);
            if (other.isPresent()) {
                return asked + ", and " + mesh + " already splits " + other.get()
                        + homes.rule(value, other.get(), mesh).map(r -> " by rule " + r).orElse("")
                        + ": a mesh axis splits at most one axis of a value";
            }
            if (held.partial().contains(mesh)) {
                return asked + ", but it is made as an unfinished sum over " + mesh;
            }
            return asked + statement().map(statement -> hindrance(statement, axis)).orElse("");
        }

        private Optional<Statement> statement() {
            return plan.whole().statements().stream().filter(s -> s.result().equals(value)).findFirst();
        }

        private static String hindrance(Statement statement, Axis axis) {
            Form form = Form.of(statement);
            Axis name = form.output().get(statement.result().axes().indexOf(axis));
            return form.roles().containsKey(name)
                    ? ""
                    : ", and " + statement + " runs along it, so that every device needs all of it";
        }
    }
}

package org.einscale.sharding.pipeline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;

/** The statements of a device's program with what is sent and received put between them. */
final class Sending {
    private final Map<Value, Integer> arriving;
    private final Map<Value, List<Integer>> leaving;
    private final ProgramBuilder copies;
    private final List<Statement> statements = new ArrayList<>();
    private final List<Value> sent = new ArrayList<>();
    private final Set<Value> received = new HashSet<>();

    /**
     * @param arriving
     *            inputs that are received, with their links
     * @param leaving
     *            values that are sent, with theirs
     */
    Sending(Program program, Map<Value, Integer> arriving, Map<Value, List<Integer>> leaving) {
        this.arriving = new HashMap<>(arriving);
        this.leaving = new HashMap<>(leaving);
        this.copies = ProgramBuilder.beside(program);
        program.states().forEach(this::send);
        for (Statement statement : program.statements()) {
            statement.operation().operands().forEach(this::receive);
            statements.add(statement);
            send(statement.result());
        }
        program.updates().values().forEach(this::receive);
    }

    private void receive(Value value) {
        Integer link = arriving.get(value);
        if (link != null && received.add(value)) {
            statements.add(new Statement(value, new Operation.Receive(link)));
            send(value);
        }
    }

    private void send(Value value) {
        for (int link : leaving.getOrDefault(value, List.of())) {
            Value copy = copies.append(value.name(), value.axes(), new Operation.Send(value, link));
            statements.add(copies.last());
            sent.add(copy);
        }
    }

    List<Statement> statements() {
        return List.copyOf(statements);
    }

    /** What was sent, which outlives the run. */
    List<Value> sent() {
        return List.copyOf(sent);
    }
}

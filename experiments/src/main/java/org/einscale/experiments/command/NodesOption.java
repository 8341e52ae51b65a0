package org.einscale.experiments.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.einscale.experiments.UserError;
import org.einscale.experiments.cluster.HostPort;
import org.einscale.experiments.cluster.Leading;
import org.einscale.experiments.cluster.LocalNodes;
import org.einscale.experiments.cluster.Nodes;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** On which nodes a command has its devices or trials. */
final class NodesOption {
    private static final int MOST = 64;

    @Option(names = "--nodes", paramLabel = "HOST:PORT", split = ",", description = "Use these nodes and those that they know (see `einscale node`), in place of this process.")
    private List<String> seeds = new ArrayList<>();

    @Option(names = "--local-nodes", paramLabel = "N", description = "Start N nodes on this machine, and end them with the command.")
    private int local;

    @Option(names = "--patience", paramLabel = "SECONDS", defaultValue = "600", description = "How long nodes are waited for. Default: ${DEFAULT-VALUE}.")
    private long patience;

    @Mixin
    private SecretOption secret = new SecretOption();

    /** The nodes. Those of this machine are started when they are first wanted. */
    final class Lent implements AutoCloseable {
        private final Path logs;
        private Optional<LocalNodes> here = Optional.empty();
        private Optional<Leading> leading = Optional.empty();

        Lent(Path logs) {
            this.logs = logs;
        }

        /** This process as the one that leads them. */
        Leading leading() {
            Leading leads = leading.orElseGet(this::start);
            leading = Optional.of(leads);
            return leads;
        }

        /** How long they are waited for. */
        Duration patience() {
            return Duration.ofSeconds(patience);
        }

        private Leading start() {
            if (local > 0) {
                here = Optional.of(new LocalNodes(local, logs));
            }
            List<String> names = here.map(LocalNodes::names).orElse(seeds);
            return new Leading(Nodes.ownName(names.getFirst()), names, secret.credentials());
        }

        @Override
        public void close() {
            leading.ifPresent(Leading::close);
            here.ifPresent(LocalNodes::close);
        }
    }

    /**
     * What the options ask for; empty if all is to be done in this process.
     *
     * @param logs
     *            folder for the logs of nodes that are started here
     */
    Optional<Lent> lent(Path logs) {
        if (local < 0 || local > MOST) {
            throw new UserError("--local-nodes " + local + ": expected 1 to " + MOST);
        }
        if (local > 0 && !seeds.isEmpty()) {
            throw new UserError("--nodes and --local-nodes: expected one of them");
        }
        seeds.forEach(HostPort::require);
        return local == 0 && seeds.isEmpty() ? Optional.empty() : Optional.of(new Lent(logs));
    }
}

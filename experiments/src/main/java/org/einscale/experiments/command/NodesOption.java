package org.einscale.experiments.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.einscale.experiments.UserError;
import org.einscale.experiments.cluster.HostPort;
import org.einscale.experiments.cluster.LocalNodes;
import org.einscale.experiments.cluster.Nodes;
import org.einscale.experiments.cluster.OnLoss;
import org.einscale.experiments.cluster.Recipe;
import org.einscale.experiments.config.Experiment;
import org.einscale.trainer.Meshes;
import org.einscale.trainer.PreparedTraining;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** On which nodes a training has its devices. */
final class NodesOption {
    private static final int MOST = 64;

    @Option(names = "--nodes", paramLabel = "HOST:PORT", split = ",", description = "Place the devices of the mesh on these nodes and those that they know (see `einscale node`), in place of this process.")
    private List<String> seeds = new ArrayList<>();

    @Option(names = "--local-nodes", paramLabel = "N", description = "Start N nodes on this machine, and end them with the training.")
    private int local;

    @Option(names = "--on-loss", paramLabel = "WHAT", defaultValue = "shrink", description = "When a node is lost: shrink (go on from the last checkpoint with the same devices on fewer nodes), wait (for as many cores as before) or stop. Default: ${DEFAULT-VALUE}.")
    private OnLoss onLoss = OnLoss.SHRINK;

    @Option(names = "--patience", paramLabel = "SECONDS", defaultValue = "600", description = "How long nodes are waited for. Default: ${DEFAULT-VALUE}.")
    private long patience;

    @Mixin
    private SecretOption secret = new SecretOption();

    /**
     * Where devices come from, if it is not this process. Nodes of this machine are started when the first devices are
     * wanted.
     */
    final class Lent implements Function<PreparedTraining, Meshes>, AutoCloseable {
        private final Experiment experiment;
        private final Path logs;
        private Optional<LocalNodes> here = Optional.empty();
        private Optional<Nodes> nodes = Optional.empty();

        Lent(Experiment experiment, Path logs) {
            this.experiment = experiment;
            this.logs = logs;
        }

        @Override
        public Meshes apply(PreparedTraining prepared) {
            Nodes lent = nodes.orElseGet(this::start);
            nodes = Optional.of(lent);
            return lent.meshes(Recipe.of(experiment.resolved(), prepared));
        }

        private Nodes start() {
            if (local > 0) {
                here = Optional.of(new LocalNodes(local, logs));
            }
            List<String> names = here.map(LocalNodes::names).orElse(seeds);
            return new Nodes(Nodes.ownName(names.getFirst()), names, secret.credentials(), onLoss,
                    Duration.ofSeconds(patience));
        }

        @Override
        public void close() {
            nodes.ifPresent(Nodes::close);
            here.ifPresent(LocalNodes::close);
        }
    }

    /**
     * What the options ask for; empty if devices are to be in this process.
     *
     * @param logs
     *            folder for the logs of nodes that are started here
     */
    Optional<Lent> lent(Experiment experiment, Path logs) {
        if (local < 0 || local > MOST) {
            throw new UserError("--local-nodes " + local + ": expected 1 to " + MOST);
        }
        if (local > 0 && !seeds.isEmpty()) {
            throw new UserError("--nodes and --local-nodes: expected one of them");
        }
        seeds.forEach(HostPort::require);
        if (local == 0 && seeds.isEmpty()) {
            return Optional.empty();
        }
        if (!experiment.settings().splitting().split()) {
            throw new UserError(
                    "mesh has one device, which needs no nodes; expected several, for example -S mesh.data=2");
        }
        return Optional.of(new Lent(experiment, logs));
    }
}

package org.einscale.experiments.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.einscale.experiments.RunLog;
import org.einscale.experiments.UserError;
import org.einscale.experiments.Version;
import org.einscale.experiments.cluster.HostPort;
import org.einscale.experiments.cluster.Metrics;
import org.einscale.experiments.cluster.NewSecret;
import org.einscale.experiments.cluster.Recipe;
import org.einscale.experiments.sweep.TrialWork;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.device.Membership;
import org.einscale.sharding.device.Node;
import org.einscale.sharding.wire.Credentials;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code einscale node}: lends this machine's cores to trainings that are started elsewhere. */
@Command(name = "node", description = {"Lend this machine's cores to trainings that are started elsewhere.", "",
    "The first node begins a cluster, others join it; `einscale train CONFIG --nodes HOST:PORT` then places its devices on"
            + " all of them, and `einscale sweep` its trials. A node runs until it is told to end (Ctrl-C, kill); a training that it was part of goes on"
            + " without it."}, footer = {"  einscale node --port 25520",
                "  einscale node --new-secret secret.p12",
                "  einscale node --host 192.0.2.7 --secret secret.p12 --join 192.0.2.5:25520 --cores 4"})
public final class NodeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(NodeCommand.class);
    /** Nobody joins while a lost node is not yet known to be lost by all. */
    private static final Duration JOINING = Duration.ofSeconds(60);
    private static final Duration REJOINING = Duration.ofSeconds(12);
    private static final long PATIENCE_SECONDS = 60;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--host", paramLabel = "NAME", defaultValue = "127.0.0.1", description = "Name or number of this machine by which others reach it. Default: ${DEFAULT-VALUE}, for processes of this machine only.")
    private String host = "127.0.0.1";

    @Option(names = "--port", paramLabel = "PORT", defaultValue = "25520", description = "Port on which it is joined; 0: any free one. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(names = "--join", paramLabel = "HOST:PORT", description = "A node to join. May be repeated, in case one is not there.")
    private List<String> join = new ArrayList<>();

    @Option(names = "--cores", paramLabel = "N", description = "Cores to lend. Default: all.")
    private int cores = Runtime.getRuntime().availableProcessors();

    @Mixin
    private SecretOption secret = new SecretOption();

    @Option(names = "--new-secret", paramLabel = "FILE", description = "Make a secret for --secret, and end.")
    private @Nullable Path newSecret;

    @Option(names = "--log", paramLabel = "FILE", description = "The node's log. Default: einscale-node-PORT.log.")
    private @Nullable Path log;

    @Option(names = "--metrics", paramLabel = "PORT", description = "Answer http://127.0.0.1:PORT/metrics in the format of Prometheus.")
    private OptionalInt metrics = OptionalInt.empty();

    @Option(names = "--until-end-of-input", hidden = true)
    private boolean untilEndOfInput;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (newSecret != null) {
            NewSecret.write(newSecret, secret.password());
            out.println(newSecret + " is the secret; copy it to each machine, and give it as --secret there");
            out.flush();
            return 0;
        }
        join.forEach(HostPort::require);
        if (cores < 1) {
            throw new UserError("--cores " + cores + ": expected 1 or more");
        }
        Optional<Credentials> credentials = secret.credentials();
        if (credentials.isEmpty() && !Membership.isLoopback(host)) {
            throw new UserError(
                    "--host " + host + " lets other machines in, and nothing says which; expected --secret FILE"
                            + " (`einscale node --new-secret FILE` makes one)");
        }
        Node node = start(new Membership(host, port, join, credentials), JOINING);
        int own = HostPort.port(node.name());
        out.println(node.name() + " lends " + cores + (cores == 1 ? " core" : " cores")
                + "; to join it: einscale node --join "
                + node.name());
        out.flush();
        try (RunLog file = new RunLog(log == null ? Path.of("einscale-node-" + own + ".log") : log)) {
            serve(node, own, credentials);
        }
        return 0;
    }

    /** The node that this process is now. */
    private static final class Lending {
        private volatile Node node;

        Lending(Node first) {
            node = first;
        }
    }

    /** Lends cores until told to end; joins again if it was cut off from the others. */
    private void serve(Node first, int own, Optional<Credentials> credentials) throws IOException {
        CompletableFuture<Void> told = new CompletableFuture<>();
        Lending lending = new Lending(first);
        if (metrics.isPresent()) {
            new Metrics(metrics.getAsInt(), () -> lending.node.info());
        }
        Thread hook = new Thread(() -> {
            if (untilEndOfInput) {
                // A terminal sends Ctrl-C to all; devices are needed until who leads them has its checkpoint.
                told.completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS).join();
            }
            told.complete(null);
            lending.node.close();
        }, "leaving");
        Runtime.getRuntime().addShutdownHook(hook);
        if (untilEndOfInput) {
            Thread.ofPlatform().daemon().start(() -> awaitEndOfInput(told));
        }
        LOG.info("{} is a member", first.name());
        while (true) {
            CompletableFuture.anyOf(told, lending.node.ended()).join();
            if (told.isDone()) {
                return;
            }
            TreeSet<String> seeds = new TreeSet<>(lending.node.peers());
            seeds.addAll(join);
            seeds.add(lending.node.name());
            LOG.warn("cut off from the other nodes: joining again by {}", seeds);
            lending.node.close();
            lending.node = again(own, List.copyOf(seeds), credentials);
            LOG.warn("{} is a member again", lending.node.name());
        }
    }

    /** Each of those that were cut off together has its turn to begin anew, by its name; the others then join it. */
    private Node again(int own, List<String> seeds, Optional<Credentials> credentials) throws IOException {
        for (int turn = 0; true; turn++) {
            List<String> order = new ArrayList<>(seeds);
            Collections.rotate(order, -turn);
            try {
                return start(new Membership(host, own, order, credentials), REJOINING);
            } catch (ShardingError nobody) {
                LOG.info("{}", nobody.getMessage());
            }
        }
    }

    private Node start(Membership membership, Duration limit) throws IOException {
        return Node.start(membership, cores, Version.number(), Recipe::make, TrialWork::of, limit);
    }

    private static void awaitEndOfInput(CompletableFuture<Void> told) {
        try (InputStream in = System.in) {
            while (in.read() >= 0) {
                continue;
            }
        } catch (IOException e) {
            LOG.debug("standard input", e);
        }
        told.complete(null);
    }
}

package org.einscale.experiments.sweep;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.einscale.experiments.RunFailed;
import org.einscale.experiments.Version;
import org.einscale.experiments.cluster.Leading;
import org.einscale.scaling.sweep.Shift;
import org.einscale.scaling.sweep.Threads;
import org.einscale.scaling.sweep.Trial;
import org.einscale.scaling.sweep.TrialListener;
import org.einscale.scaling.sweep.TrialResult;
import org.einscale.scaling.sweep.WorkerLost;
import org.einscale.sharding.NodeLost;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.device.Hire;
import org.einscale.sharding.device.Leader;
import org.einscale.sharding.device.NodeInfo;
import org.einscale.sharding.device.Parcel;
import org.einscale.sharding.wire.Address;

/** Has every node that is there, comes or comes back work for a sweep, a trial on each of its cores at a time. */
final class Hiring implements AutoCloseable {
    private static final Duration LOOKING = Duration.ofSeconds(1);
    private static final Duration PREPARING = Duration.ofSeconds(300);

    private final Shift shift;
    private final Leading leading;
    private final Duration patience;
    private final String recipe;
    private final Parcel data;
    private final Runner runner;
    private final Threads threads = new Threads();
    private final Set<Address> hired = ConcurrentHashMap.newKeySet();
    private final Map<Address, String> refusals = new ConcurrentHashMap<>();
    private volatile boolean over;

    /** How a trial is run on a node, as {@link org.einscale.scaling.sweep.TrialRunner} says. */
    @FunctionalInterface
    interface Runner {
        TrialResult run(NodeInfo node, Hire hire, Trial trial, Path folder, TrialListener listener)
                throws IOException, InterruptedException;
    }

    /**
     * @param patience how long it may be that no node is there
     * @param recipe what all trials have in common
     * @param data that they learn
     */
    Hiring(Shift shift, Leading leading, Duration patience, String recipe, Parcel data, Runner runner) {
        this.shift = shift;
        this.leading = leading;
        this.patience = patience;
        this.recipe = recipe;
        this.data = data;
        this.runner = runner;
    }

    void begin() {
        threads.start("hiring", this::watch);
    }

    private void watch() throws InterruptedException {
        long seen = System.nanoTime();
        String missing = "";
        while (!over) {
            try {
                Leader leader = leading.leader();
                List<NodeInfo> nodes = leader.await(there -> there.stream().anyMatch(this::isNew), LOOKING);
                leading.remember(nodes);
                nodes.stream().filter(this::isNew).forEach(node -> hire(leader, node));
                refuseAll(nodes);
                missing = "no node is there";
            } catch (NodeLost nobody) {
                missing = String.valueOf(nobody.getMessage());
                shift.tell(missing);
            }
            if (!hired.isEmpty()) {
                seen = System.nanoTime();
            } else if (System.nanoTime() - seen > patience.toNanos()) {
                shift.fail(new RunFailed(missing + "; waited for " + patience.toSeconds()
                        + " s (--patience); the same command goes on with the trials that are left"));
                return;
            }
        }
    }

    private boolean isNew(NodeInfo node) {
        return !hired.contains(node.address()) && !refusals.containsKey(node.address());
    }

    private void refuseAll(List<NodeInfo> nodes) {
        if (!nodes.isEmpty() && nodes.stream().allMatch(node -> refusals.containsKey(node.address()))) {
            shift.fail(new RunFailed(nodes.stream().map(node -> refusals.getOrDefault(node.address(), ""))
                    .collect(Collectors.joining("; "))));
        }
    }

    private void hire(Leader leader, NodeInfo node) {
        if (!node.version().equals(Version.number())) {
            refuse(node, "node " + node.name() + ": its version is " + node.version() + ", that of this process "
                    + Version.number());
        } else if (hired.add(node.address())) {
            threads.start("hire of " + node.name(), () -> serve(leader, node));
        }
    }

    private void refuse(NodeInfo node, String reason) {
        if (refusals.put(node.address(), reason) == null) {
            shift.tell(reason);
        }
    }

    private void serve(Leader leader, NodeInfo node) throws InterruptedException {
        try (Hire hire = leader.hire(node, recipe, data, PREPARING)) {
            shift.tell("node " + node.name() + " trains, " + node.cores()
                    + (node.cores() == 1 ? " trial" : " trials") + " at a time");
            CountDownLatch working = new CountDownLatch(node.cores());
            Queue<String> lost = new ConcurrentLinkedQueue<>();
            for (int core = 0; core < node.cores(); core++) {
                threads.start(node.name() + " " + core, () -> work(node, hire, lost, working));
            }
            working.await();
            lost.stream().findFirst().ifPresent(shift::tell);
        } catch (ShardingError refused) {
            refuse(node, String.valueOf(refused.getMessage()));
        } catch (NodeLost lost) {
            shift.tell(String.valueOf(lost.getMessage()));
        } finally {
            hired.remove(node.address());
        }
    }

    private void work(NodeInfo node, Hire hire, Queue<String> lost, CountDownLatch working)
            throws InterruptedException {
        try {
            shift.work(node.name(), (trial, folder, listener) -> runner.run(node, hire, trial, folder, listener));
            over = true;
        } catch (WorkerLost end) {
            if (end.getCause() instanceof ShardingError) {
                refuse(node, String.valueOf(end.getMessage()));
            } else {
                lost.add(String.valueOf(end.getMessage()));
            }
        } finally {
            working.countDown();
        }
    }

    @Override
    public void close() {
        threads.close();
    }
}

package org.einscale.sharding.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.sharding.wire.Address;
import org.einscale.sharding.wire.Endpoint;
import org.einscale.sharding.wire.Frame;
import org.einscale.sharding.wire.Frame.Kind;
import org.einscale.tensor.memory.TensorArena;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The jobs that a node does for one who has hired it. */
final class Crew implements Guest {
    private static final Logger LOG = LoggerFactory.getLogger(Crew.class);
    private static final long MOST_ORDER = 16 << 20;
    private static final long PIECE_SECONDS = 30;
    /** How often it says that jobs go on. */
    private static final long SIGN_SECONDS = 3;

    private final long run;
    private final Address leader;
    private final Endpoint endpoint;
    private final Semaphore cores;
    private final Path folder;
    private final BlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();
    private final Map<Long, Job> jobs = new ConcurrentHashMap<>();
    private final ScheduledExecutorService signs = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("signs of life").factory());
    private volatile Skill.@Nullable Worker worker;
    private boolean closed;
    private boolean released;

    /**
     * @param run
     *            number of the hire
     * @param leader
     *            where jobs come from
     * @param cores
     *            of the node, of which each job takes one
     * @param folder
     *            for the files of jobs
     */
    Crew(long run, Address leader, Endpoint endpoint, Semaphore cores, Path folder) {
        this.run = run;
        this.leader = leader;
        this.endpoint = endpoint;
        this.cores = cores;
        this.folder = folder;
        signs.scheduleAtFixedRate(() -> jobs.keySet().forEach(job -> send(Kind.TOLD, job, "")), SIGN_SECONDS,
                SIGN_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Gets ready, asking for the material unless it is there.
     *
     * @throws RuntimeException
     *             with one line for a person, if the jobs cannot be done here
     */
    void prepare(Skill skill, String recipe, Parcel material) throws IOException, InterruptedException {
        if (!Files.exists(material.file())) {
            material.receive(this::piece);
        }
        worker = skill.ready(recipe, material.file());
    }

    private byte[] piece(int number) throws InterruptedException {
        endpoint.send(leader, new Frame(Kind.WANT, run, 0, 0, 0, number, 0, 0));
        byte[] piece = pieces.poll(PIECE_SECONDS, TimeUnit.SECONDS);
        if (piece == null) {
            throw new IllegalStateException(
                    leader + " did not send what jobs need within " + PIECE_SECONDS + " s");
        }
        return piece;
    }

    @Override
    public Address leader() {
        return leader;
    }

    @Override
    public boolean admits(Frame frame) {
        return switch (frame.kind()) {
            case ORDER -> frame.bytes() <= MOST_ORDER;
            case STOP, WANT -> frame.bytes() == 0;
            case PIECE -> frame.bytes() <= Parcel.PIECE;
            case EXCHANGED, LINKED, WRITE, RUN, READ, ARRAY, DONE, FAILED, LOST, ASK, WAITING, TOLD, ENDED -> false;
        };
    }

    @Override
    public synchronized void received(Frame frame, TensorArena body) {
        byte[] bytes = endpoint.take(frame, body);
        Job job = jobs.get(frame.epoch());
        switch (frame.kind()) {
            case ORDER -> begin(frame.epoch(), new String(bytes, StandardCharsets.UTF_8));
            case STOP -> {
                if (job != null) {
                    job.thread.interrupt();
                }
            }
            case WANT -> {
                if (job != null) {
                    job.send(frame.place(), frame.round());
                }
            }
            case PIECE -> pieces.add(bytes);
            default -> throw new IllegalArgumentException(frame + " is for who leads");
        }
    }

    private void begin(long number, String text) {
        Skill.Worker ready = worker;
        if (!closed && ready != null) {
            String[] parts = text.split("\n", 2);
            Job job = new Job(number, parts[0], parts[1], ready);
            jobs.put(number, job);
            job.thread.start();
        }
    }

    private void send(Kind kind, long job, String text) {
        send(kind, job, text.getBytes(StandardCharsets.UTF_8));
    }

    private void send(Kind kind, long job, byte[] bytes) {
        endpoint.send(leader, new Frame(kind, run, job, 0, 0, 0, 0, bytes.length), bytes);
    }

    /** A job: done, then kept until it is stopped, so that its files can be asked for. */
    private final class Job {
        private final long number;
        private final String label;
        private final String order;
        private final Skill.Worker worker;
        private final Path files;
        private final Thread thread;
        private volatile List<Parcel> parcels = List.of();

        Job(long number, String label, String order, Skill.Worker worker) {
            this.number = number;
            this.label = label;
            this.order = order;
            this.worker = worker;
            this.files = folder.resolve(run + "-" + number);
            this.thread = Thread.ofPlatform().daemon().name(label).unstarted(this::run);
        }

        private void run() {
            try {
                Files.createDirectories(files);
                String answer = answer();
                try (Stream<Path> found = Files.list(files)) {
                    parcels = found.filter(Files::isRegularFile).sorted().map(Parcel::of).toList();
                }
                Crew.this.send(Kind.ENDED, number,
                        new Outcome(answer, parcels.stream().map(Outcome.Item::of).toList()).text());
                LOG.info("{}: done", label);
                new Semaphore(0).acquire();
            } catch (InterruptedException stopped) {
                LOG.debug("{}: not needed any more", label);
            } catch (IOException | RuntimeException | Error e) {
                LOG.info("{}: failed", label, e);
                Crew.this.send(Kind.FAILED, number, label + ": " + e);
            } finally {
                jobs.remove(number);
                Folder.delete(files);
            }
        }

        private String answer() throws InterruptedException {
            cores.acquire();
            try {
                LOG.info("{}: begun for {}", label, leader);
                return worker.work(order, files, text -> Crew.this.send(Kind.TOLD, number, text));
            } finally {
                cores.release();
            }
        }

        private void send(int place, int piece) {
            List<Parcel> known = parcels;
            if (place < 0 || place >= known.size() || piece < 0 || piece >= known.get(place).pieces()) {
                return;
            }
            try {
                byte[] bytes = known.get(place).piece(piece);
                endpoint.send(leader, new Frame(Kind.PIECE, run, number, 0, place, piece, 0, bytes.length), bytes);
            } catch (IOException e) {
                Crew.this.send(Kind.FAILED, number, label + ": " + e);
            }
        }
    }

    @Override
    public synchronized void release() {
        released = true;
    }

    @Override
    public void lost(Address peer) {
        // Jobs need nobody else.
    }

    @Override
    public String toString() {
        return Stream.concat(Stream.of("jobs"), jobs.values().stream().map(job -> job.label).sorted())
                .collect(Collectors.joining(" ")) + " for " + leader;
    }

    @Override
    public synchronized void close() {
        if (!closed && !released) {
            endpoint.send(leader, new Frame(Kind.LOST, run, 0, 0, 0, 0, 0, 0));
        }
        closed = true;
        signs.shutdownNow();
        jobs.values().forEach(job -> job.thread.interrupt());
    }
}

package org.einscale.sharding.collective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Exchange;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Statement;
import org.einscale.sharding.Block;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Sharding;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.memory.TensorArena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of collective, from memory to memory. */
class ExchangerTest {
    private static final List<Reduction> REDUCTIONS = List.of(Reduction.SUM, Reduction.MAX, Reduction.MIN,
            Reduction.PROD);

    /** A collective between two shardings of a tensor. */
    private record Case(Mesh mesh, Sizes sizes, Sharding from, Sharding to, Statement statement) {
        static Case of(Mesh mesh, int[] shape, Exchange exchange, Reduction reduction, Sharding from, Sharding to,
                List<String> over) {
            TreeMap<String, Integer> sizes = new TreeMap<>();
            List<Axis> axes = new ArrayList<>();
            for (int i = 0; i < shape.length; i++) {
                axes.add(new Axis("a" + i));
                sizes.put("a" + i, shape[i]);
            }
            ProgramBuilder builder = new ProgramBuilder();
            builder.append("y", to.local(axes), new Operation.Collective(exchange, reduction,
                    builder.input("x", from.local(axes)), over));
            return new Case(mesh, Sizes.of(sizes), from, to, builder.last());
        }

        static Case random(Exchange exchange, Random random) {
            LinkedHashMap<String, Integer> axes = new LinkedHashMap<>();
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                axes.put("m" + i, 1 + random.nextInt(3));
            }
            Mesh mesh = new Mesh(axes);
            int[] shape = random.ints(1 + random.nextInt(3), 0, 7).toArray();
            List<String> names = new ArrayList<>(axes.keySet());
            Collections.shuffle(names, random);
            List<String> over = names.subList(0, 1 + random.nextInt(names.size()));
            Sharding rest = placed(Sharding.whole(shape.length), names.subList(over.size(), names.size()), random);
            Sharding split = placed(rest, over, random);
            Sharding other = placed(rest, over, random);
            return switch (exchange) {
                case ALL_REDUCE -> of(mesh, shape, exchange, pick(REDUCTIONS, random), rest, rest, over);
                case REDUCE_SCATTER -> of(mesh, shape, exchange, pick(REDUCTIONS, random), rest, split, over);
                case ALL_GATHER -> of(mesh, shape, exchange, Reduction.SUM, split, rest, over);
                case ALL_TO_ALL, PERMUTE -> of(mesh, shape, exchange, Reduction.SUM, split, other, over);
            };
        }

        private static <T> T pick(List<T> list, Random random) {
            return list.get(random.nextInt(list.size()));
        }

        private static Sharding placed(Sharding start, List<String> names, Random random) {
            Sharding placed = start;
            for (String name : names) {
                placed = placed.with(random.nextInt(start.split().size()), List.of(name));
            }
            return placed;
        }

        int[] whole() {
            return sizes.axes().stream().mapToInt(sizes::of).toArray();
        }

        Operation.Collective collective() {
            return (Operation.Collective) statement.operation();
        }

        Block from(int device) {
            return Block.of(mesh, device, from.split(), whole());
        }

        Block to(int device) {
            return Block.of(mesh, device, to.split(), whole());
        }

        /** Elements that all devices send. */
        long sent() {
            return IntStream.range(0, mesh.devices()).mapToLong(this::sent).sum();
        }

        long sent(int device) {
            return Stage.of(statement, mesh, sizes, device).stream().flatMap(stage -> stage.sent(device).stream())
                    .mapToLong(Piece::sent).sum();
        }
    }

    @ParameterizedTest
    @EnumSource
    void movesWhatTheAxesSay(Exchange exchange) {
        Random random = new Random(11);
        for (int i = 0; i < 150; i++) {
            check(Case.random(exchange, random), random);
        }
    }

    private static void check(Case c, Random random) {
        int devices = c.mesh.devices();
        List<double[]> had = new ArrayList<>();
        for (int d = 0; d < devices; d++) {
            had.add(random.ints(c.from(d).volume(), -4, 5).asDoubleStream().toArray());
        }
        List<double[]> found = exchanged(c, had);
        for (int d = 0; d < devices; d++) {
            assertThat(found.get(d)).as("device %d in %s of %s on %s", d, c.statement, c.sizes, c.mesh)
                    .isEqualTo(expected(c, had, d));
        }
    }

    /** One element after the other: what the devices of a group have of it, put together in their order. */
    private static double[] expected(Case c, List<double[]> had, int device) {
        Block here = c.to(device);
        double[] result = new double[(int) here.volume()];
        for (int i = 0; i < result.length; i++) {
            int[] position = position(i, here);
            List<Double> all = new ArrayList<>();
            for (int member : c.mesh.group(device, c.collective().over())) {
                int index = index(position, c.from(member));
                if (index >= 0) {
                    all.add(had.get(member)[index]);
                }
            }
            result[i] = all.stream().reduce((a, b) -> combined(c.collective().reduction(), a, b)).orElseThrow();
        }
        return result;
    }

    private static double combined(Reduction reduction, double a, double b) {
        return switch (reduction) {
            case SUM -> a + b;
            case PROD -> a * b;
            case MAX -> Math.max(a, b);
            default -> Math.min(a, b);
        };
    }

    /** Of an element of a block, in the whole. */
    private static int[] position(int number, Block block) {
        int[] position = new int[block.sizes().length];
        int rest = number;
        for (int i = position.length - 1; i >= 0; i--) {
            position[i] = block.starts()[i] + rest % block.sizes()[i];
            rest /= block.sizes()[i];
        }
        return position;
    }

    /** Of a position of the whole, in a block; -1 outside. */
    private static int index(int[] position, Block block) {
        int index = 0;
        for (int i = 0; i < position.length; i++) {
            int at = position[i] - block.starts()[i];
            if (at < 0 || at >= block.sizes()[i]) {
                return -1;
            }
            index = index * block.sizes()[i] + at;
        }
        return index;
    }

    /** What exchangers of all devices make, round by round. */
    private static List<double[]> exchanged(Case c, List<double[]> had) {
        int devices = c.mesh.devices();
        int rounds = Stage.of(c.statement, c.mesh, c.sizes, 0).size();
        long most = 8 + 8 * IntStream.range(0, devices).mapToLong(d -> Math.max(c.from(d).volume(), c.to(d).volume()))
                .max().orElse(0);
        long received = 0;
        try (TensorArena from = TensorArena.allocate(devices * most);
                TensorArena to = TensorArena.allocate(devices * most);
                TensorArena scratch = TensorArena.allocate(Exchanger.scratchBytes(Precision.DOUBLE))) {
            for (int d = 0; d < devices; d++) {
                for (int i = 0; i < had.get(d).length; i++) {
                    Raw.put(Precision.DOUBLE, from.address() + d * most + 8L * i, had.get(d)[i]);
                }
            }
            for (int round = 0; round < rounds; round++) {
                for (int d = 0; d < devices; d++) {
                    Exchanger exchanger = new Exchanger(Stage.of(c.statement, c.mesh, c.sizes, d).get(round), d,
                            Precision.DOUBLE);
                    boolean again = round == 1;
                    exchanger.run(
                            IntStream.of(exchanger.senders())
                                    .mapToLong(s -> again
                                            ? to.address() + s * most + 8L * part(c, s)
                                            : from.address() + s * most)
                                    .toArray(),
                            to.address() + d * most + (rounds == 2 && !again ? 8L * part(c, d) : 0), scratch.address());
                    received += exchanger.received();
                }
            }
            assertThat(received).isEqualTo(c.sent());
            return IntStream.range(0, devices)
                    .mapToObj(d -> IntStream.range(0, (int) c.to(d).volume())
                            .mapToDouble(i -> Raw.get(Precision.DOUBLE, to.address() + d * most + 8L * i)).toArray())
                    .toList();
        }
    }

    /** First of the elements that a device sums up in an all-reduce. */
    private static int part(Case c, int device) {
        List<String> over = c.collective().over();
        return Block.start((int) c.to(device).volume(), c.mesh.devices(over), c.mesh.position(device, over));
    }

    /** V is 16 x 12 numbers, n the devices along x. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"ALL_REDUCE | x=4 | * * | * * | 288 = 2 V (n - 1) / n",
        "ALL_REDUCE | x=2 | * * | * * | 192 = 2 V (n - 1) / n",
        "REDUCE_SCATTER | x=4 | * * | x * | 144 = V (n - 1) / n",
        "REDUCE_SCATTER | x=4 | * * | * x | 144 = V (n - 1) / n", "ALL_GATHER | x=4 | x * | * * | 144 = V (n - 1) / n",
        "ALL_TO_ALL | x=4 | x * | * x | 36 = V / n (n - 1) / n", "ALL_REDUCE | x=2,y=4 | y * | y * | 48 = 2 V / 4 / 2",
        "PERMUTE | x=1 | x * | * x | 0 = nothing"})
    void bytesAreThoseOfTheFormulas(Exchange exchange, String mesh, String from, String to, String formula) {
        Case c = Case.of(Mesh.of(mesh), new int[]{16, 12}, exchange, Reduction.SUM, sharding(from), sharding(to),
                List.of("x"));
        long each = Long.parseLong(formula.split(" ")[0]);

        assertThat(IntStream.range(0, c.mesh.devices()).mapToLong(c::sent)).allMatch(sent -> sent == each);
    }

    private static Sharding sharding(String text) {
        List<List<String>> split = new ArrayList<>();
        for (String over : text.split(" ")) {
            split.add(over.equals("*") ? List.of() : List.of(over));
        }
        return new Sharding(split);
    }

    @ParameterizedTest
    @CsvSource({"2 3 4, 0 0 0, 2 3 4, 24, 1", "2 3 4, 0 0 0, 1 3 4, 12, 1", "2 3 4, 0 1 0, 2 2 4, 8, 2",
        "2 3 4, 0 0 2, 2 3 2, 2, 6", "2 3 4, 1 0 0, 1 0 4, 0, 1"})
    void runsAreAsLongAsTheyCanBe(String shape, String start, String sizes, long length, long count) {
        int[] box = numbers(sizes);
        Runs runs = Runs.of(new Piece(0, 1, numbers(shape), numbers(start), box, new int[box.length], box));

        assertThat(runs.length()).isEqualTo(length);
        assertThat(runs.count()).isEqualTo(count);
    }

    private static int[] numbers(String text) {
        return java.util.stream.Stream.of(text.strip().split(" ")).mapToInt(Integer::parseInt).toArray();
    }

    @Test
    void whatDevicesCannotFinishIsRefused() {
        Case mean = Case.of(Mesh.of("x=2"), new int[]{4}, Exchange.ALL_REDUCE, Reduction.MEAN, sharding("*"),
                sharding("*"), List.of("x"));
        Stage stage = Stage.of(mean.statement, mean.mesh, mean.sizes, 0).getFirst();

        assertThatThrownBy(() -> new Exchanger(stage, 0, Precision.FLOAT)).hasMessage("devices cannot finish a MEAN");
    }
}

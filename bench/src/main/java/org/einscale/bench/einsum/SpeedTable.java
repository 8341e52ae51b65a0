package org.einscale.bench.einsum;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.bench.Median;

/** Speeds as text. */
final class SpeedTable {
    private static final List<String> COLUMNS = List.of("case", "equation", "sizes");
    private static final List<String> RATIOS = List.of("x libtorch", "x NumPy", "GFLOP/s");

    /** A case is counted as slow where libtorch takes less than this share of Einscale's time. */
    private static final double SLOW = 0.9;

    private SpeedTable() {
    }

    /** A Markdown table, a row a case, and a summary by group below it: geometric means, medians and the slowest case. */
    static String markdown(List<Speed> speeds) {
        List<String> columns = new ArrayList<>(COLUMNS);
        Stream.of(Participant.values()).map(Participant::title).forEach(columns::add);
        columns.addAll(RATIOS);
        StringBuilder text = new StringBuilder(row(columns));
        text.append(row(columns.stream().map(c -> COLUMNS.contains(c) ? "---" : "---:").toList()));
        for (Speed speed : speeds) {
            List<String> cells = new ArrayList<>(List.of(speed.what().group() + " " + speed.what().name(),
                    "`" + speed.what().equation() + "`", speed.what().sizes()));
            Stream.of(Participant.values()).map(p -> time(speed, p)).forEach(cells::add);
            cells.addAll(List.of(decimals(speed.timesLibtorch(), 2), decimals(speed.timesNumpy(), 2),
                    decimals(speed.gigaflops(), 1)));
            text.append(row(cells));
        }
        return text + "\n" + summary(speeds);
    }

    /** Comma-separated values with a header; times in microseconds. */
    static String csv(List<Speed> speeds) {
        String times = Stream.of(Participant.values()).map(p -> p.name().toLowerCase(Locale.ROOT) + "_us")
                .collect(Collectors.joining(","));
        StringBuilder text = new StringBuilder(
                "group,name,equation,sizes," + times + ",times_libtorch,times_numpy,gflops\n");
        for (Speed speed : speeds) {
            List<String> cells = new ArrayList<>(List.of(speed.what().group().toString(),
                    '"' + speed.what().name() + '"',
                    '"' + speed.what().equation() + '"', '"' + speed.what().sizes() + '"'));
            Stream.of(Participant.values()).map(p -> decimals(microseconds(speed, p), 4)).forEach(cells::add);
            cells.addAll(List.of(decimals(speed.timesLibtorch(), 4), decimals(speed.timesNumpy(), 4),
                    decimals(speed.gigaflops(), 3)));
            text.append(String.join(",", cells)).append('\n');
        }
        return text.toString();
    }

    private static String summary(List<Speed> speeds) {
        StringBuilder text = new StringBuilder(
                row(List.of("group", "cases", "x libtorch (geometric mean)", "median", "below 0.9",
                        "x NumPy (geometric mean)", "slowest beside libtorch")));
        text.append(row(List.of("---", "---:", "---:", "---:", "---:", "---:", "---")));
        for (Group group : Group.values()) {
            List<Speed> some = speeds.stream().filter(s -> s.what().group() == group).toList();
            if (!some.isEmpty()) {
                text.append(summary(group.toString(), some));
            }
        }
        List<Speed> einsums = speeds.stream().filter(s -> s.what().group() != Group.CALLS).toList();
        return text + summary("all but calls", einsums);
    }

    private static String summary(String name, List<Speed> speeds) {
        List<Speed> compared = speeds.stream().filter(s -> s.timesLibtorch().isPresent())
                .sorted(Comparator.comparingDouble(SpeedTable::timesLibtorch)).toList();
        if (compared.isEmpty()) {
            return row(List.of(name, String.valueOf(speeds.size()), "", "", "",
                    decimals(mean(speeds, Speed::timesNumpy), 2), ""));
        }
        OptionalDouble median = OptionalDouble
                .of(Median.of(compared.stream().mapToDouble(SpeedTable::timesLibtorch).toArray()));
        long slow = compared.stream().filter(s -> timesLibtorch(s) < SLOW).count();
        Speed slowest = compared.getFirst();
        return row(List.of(name, String.valueOf(speeds.size()), decimals(mean(speeds, Speed::timesLibtorch), 2),
                decimals(median, 2), String.valueOf(slow), decimals(mean(speeds, Speed::timesNumpy), 2),
                decimals(slowest.timesLibtorch(), 2) + " " + slowest.what().name() + " `" + slowest.what().equation()
                        + "`"));
    }

    private static double timesLibtorch(Speed speed) {
        return speed.timesLibtorch().orElse(Double.NaN);
    }

    private static OptionalDouble mean(List<Speed> speeds, Function<Speed, OptionalDouble> ratio) {
        return Speed.geometricMean(speeds.stream().map(ratio).flatMap(r -> r.stream().boxed()).toList());
    }

    private static String row(List<String> cells) {
        return String.join(" | ", cells).transform(line -> "| " + line + " |\n");
    }

    private static OptionalDouble microseconds(Speed speed, Participant participant) {
        Double seconds = speed.seconds().get(participant);
        return seconds == null ? OptionalDouble.empty() : OptionalDouble.of(seconds * 1e6);
    }

    /** As "0.31 us", "12.3 us" or "1.23 ms": three digits. */
    private static String time(Speed speed, Participant participant) {
        OptionalDouble time = microseconds(speed, participant);
        if (time.isEmpty()) {
            return "";
        }
        double micros = time.getAsDouble();
        return micros < 1e3 ? threeDigits(micros) + " us" : threeDigits(micros / 1e3) + " ms";
    }

    private static String threeDigits(double value) {
        return decimals(OptionalDouble.of(value), value < 10 ? 2 : value < 100 ? 1 : 0);
    }

    private static String decimals(OptionalDouble value, int digits) {
        return value.isPresent() ? String.format(Locale.ROOT, "%." + digits + "f", value.getAsDouble()) : "";
    }
}

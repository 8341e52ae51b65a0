package org.einscale.bench;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Results as text. */
final class ResultTable {
    private static final String LINE = "| %-13s | %-8s | %9s | %9s | %8s | %13s | %19s | %11s | %13s |\n";

    private ResultTable() {
    }

    /** A Markdown table, a row an implementation and size. */
    static String markdown(List<Result> results) {
        StringBuilder text = new StringBuilder(LINE.formatted("L,d,h,T,B", "on", "ms/step", "x libtorch", "tokens/s",
                "GFLOP/s (6ND)", "with attention", "sgemm peak", "share of peak"));
        text.append("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        for (Result r : results) {
            text.append(LINE.formatted(r.size(), r.implementation(), decimals(r.millis(), r.millis() < 10 ? 3 : 1),
                    times(r.timesLibtorch()), decimals(r.tokensPerSecond(), 0), decimals(r.gigaflops(), 1),
                    decimals(r.gigaflopsWithAttention(), 1), decimals(r.sgemm(), 1), decimals(r.shareOfPeak(), 2)));
        }
        return text.toString();
    }

    /** Comma-separated values with a header; times in ms, speeds in tokens/s and GFLOP/s. */
    static String csv(List<Result> results) {
        StringBuilder text = new StringBuilder("layers,width,heads,context,batch,implementation,step_ms,times_libtorch,"
                + "tokens_per_s,gflops_6nd,gflops_with_attention,sgemm_gflops,share_of_sgemm\n");
        for (Result r : results) {
            text.append(String.join(",", r.size().toString(), r.implementation().name(), decimals(r.millis(), 4),
                    times(r.timesLibtorch()), decimals(r.tokensPerSecond(), 1), decimals(r.gigaflops(), 2),
                    decimals(r.gigaflopsWithAttention(), 2), decimals(r.sgemm(), 2), decimals(r.shareOfPeak(), 4)))
                    .append('\n');
        }
        return text.toString();
    }

    private static String times(OptionalDouble ratio) {
        return ratio.isPresent() ? decimals(ratio.getAsDouble(), 2) : "";
    }

    private static String decimals(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}

package org.einscale.bench.einsum;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The cases of {@code cases.conf}, in its order. */
final class CaseFile {
    private final Config file = ConfigFactory.parseResources(CaseFile.class, "cases.conf",
            ConfigParseOptions.defaults().setAllowMissing(false));

    /** All cases, those without sizes of their own by the rule. */
    List<EinsumCase> cases(TccgSizes rule) {
        List<EinsumCase> cases = new ArrayList<>();
        for (Config one : file.getConfigList("tccg")) {
            String equation = TccgSizes.rowMajor(one.getString("column-major"));
            Map<Character, Long> fixed = one.hasPath("fixed") ? sizes(one.getConfig("fixed")) : Map.of();
            cases.add(new EinsumCase(Group.TCCG, one.getString("name"), CallKind.EINSUM, equation,
                    rule.shapes(equation, fixed), List.of()));
        }
        gpt(Group.GPT, CallKind.EINSUM, cases);
        gpt(Group.GPT_GRADIENTS, CallKind.GRADIENTS, cases);
        file.getConfigList("user").forEach(one -> cases.add(explicit(Group.USER, one)));
        file.getConfigList("calls").forEach(one -> cases.add(explicit(Group.CALLS, one)));
        return cases;
    }

    private void gpt(Group group, CallKind kind, List<EinsumCase> cases) {
        Config gpt = file.getConfig("gpt");
        for (Config width : gpt.getConfigList("widths")) {
            Map<Character, Long> sizes = sizes(width.withFallback(gpt.getConfig("sizes")));
            for (Config one : gpt.getConfigList("cases")) {
                String equation = one.getString("equation");
                List<List<Long>> shapes = new ArrayList<>();
                for (String term : equation.substring(0, equation.indexOf("->")).split(",")) {
                    shapes.add(term.chars().mapToObj(c -> sizes.getOrDefault((char) c, 1L)).toList());
                }
                cases.add(new EinsumCase(group, one.getString("name") + " d=" + width.getLong("d"), kind, equation,
                        shapes, List.of()));
            }
        }
    }

    private static EinsumCase explicit(Group group, Config one) {
        List<List<Long>> shapes = new ArrayList<>();
        for (Object shape : one.getAnyRefList("shapes")) {
            List<Long> extents = new ArrayList<>();
            ((List<?>) shape).forEach(extent -> extents.add(((Number) extent).longValue()));
            shapes.add(extents);
        }
        CallKind kind = one.hasPath("form") ? one.getEnum(CallKind.class, "form") : CallKind.EINSUM;
        List<Long> path = one.hasPath("path") ? one.getLongList("path") : List.of();
        return new EinsumCase(group, one.getString("name"), kind, one.getString("equation"), shapes, path);
    }

    private static Map<Character, Long> sizes(Config config) {
        Map<Character, Long> sizes = new TreeMap<>();
        config.root().keySet().forEach(label -> sizes.put(label.charAt(0), config.getLong(label)));
        return sizes;
    }
}

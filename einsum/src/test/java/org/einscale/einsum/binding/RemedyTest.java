package org.einscale.einsum.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.einscale.einsum.equation.Caret;
import org.einscale.einsum.equation.Dialect;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.equation.Rule;
import org.einscale.einsum.equation.Term;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever does what a message says has no mistake any more. */
class RemedyTest {
    private static final int TRIALS = 20_000;
    private static final String SIGNS = "ijkab  (([])),,-->....1_2";

    /** An equation and what it is given. */
    private record Input(String text, Dialect dialect, Rule rule, List<long[]> shapes, Map<String, Integer> parts,
            boolean broadcasting) {

        Binding bind() {
            return Binding.of(Equation.parse(text, dialect, rule), shapes, parts, broadcasting);
        }

        Input text(String other) {
            return new Input(other, dialect, rule, shapes, parts, broadcasting);
        }

        Input replaced(int from, int to, String by) {
            return text(text.substring(0, from) + by + text.substring(to));
        }

        Input in(Dialect other) {
            return new Input(text, other, rule, shapes, parts, broadcasting);
        }

        Input under(Rule other) {
            return new Input(text, dialect, other, shapes, parts, broadcasting);
        }

        Input shapes(List<long[]> others) {
            return new Input(text, dialect, rule, others, parts, broadcasting);
        }

        Input parts(Map<String, Integer> others) {
            return new Input(text, dialect, rule, shapes, others, broadcasting);
        }

        Input stretching() {
            return new Input(text, dialect, rule, shapes, parts, true);
        }

        Input with(String more) {
            Map<String, Integer> others = new TreeMap<>(parts);
            others.putAll(Caret.sizes(more.replace(",", "")));
            return parts(others);
        }

        /** The word, sign or brackets with what is in them at an index. */
        int endOf(int at) {
            Matcher matcher = Pattern.compile("[\\p{L}][\\p{L}\\d_]*|\\d+|\\.{3}|\\([^)]*\\)").matcher(text);
            matcher.region(at, text.length());
            return dialect == Dialect.LETTERS && Character.isLetter(text.charAt(at))
                    ? at + 1
                    : matcher.lookingAt() ? matcher.end() : at + 1;
        }

        int endOfTerm(int at) {
            Matcher matcher = Pattern.compile(",|->|$").matcher(text);
            return matcher.find(at) ? matcher.start() : text.length();
        }

        int startOfTerm(int at) {
            int start = Math.max(text.lastIndexOf(',', at - 1) + 1, 0);
            int arrow = text.lastIndexOf("->", at - 1);
            return arrow < start ? start : arrow + 2;
        }

        String fresh() {
            return "xyzuvw".chars().mapToObj(Character::toString).filter(name -> !text.contains(name)).findFirst()
                    .orElseThrow();
        }

        String apart(String name) {
            return dialect == Dialect.WORDS ? " " + name + " " : name;
        }

        @Override
        public String toString() {
            return rule + " " + dialect + " \"" + text + "\" "
                    + shapes.stream().map(Ranks::text).collect(Collectors.joining(", ")) + " " + parts
                    + (broadcasting ? " broadcasting" : "");
        }
    }

    /** Does what a hint says to an input that was refused at a place. */
    private interface Following {
        List<Input> of(Input wrong, int at, MatchResult hint);
    }

    /** By what the end of a message looks like; in the order in which they are looked for. */
    private static final Map<String, Following> HINTS = new LinkedHashMap<>();

    static {
        HINTS.put("a size was given for '(.*)', which is no axis of it; did you mean '(.*)'\\?", (wrong, _, hint) -> {
            Map<String, Integer> parts = new TreeMap<>(wrong.parts);
            parts.put(hint.group(2), wrong.parts.get(hint.group(1)));
            parts.remove(hint.group(1));
            return List.of(wrong.parts(parts));
        });
        HINTS.put("did you mean '(.*)'\\?", (wrong, at, hint) -> List
                .of(wrong.replaced(at, wrong.endOf(at), hint.group(1))));
        HINTS.put("its shape would fit the term '(.*)'", (wrong, at, hint) -> List.of(wrong
                .replaced(wrong.startOfTerm(at), wrong.endOfTerm(at), wrong.apart(hint.group(1)))));
        HINTS.put("; remove it", (wrong, at, _) -> List.of(wrong.replaced(at, at + 1, "")));
        HINTS.put("expected '...' as an axis of its own, apart from '.*' by a space", (wrong, at, _) -> List
                .of(wrong.replaced(wrong.text.indexOf("...", at), wrong.text.indexOf("...", at), " ")));
        HINTS.put("expected the names side by side", (wrong, at, _) -> {
            int end = Math.min(wrong.text.indexOf(wrong.text.charAt(at) == '(' ? ')' : ']', at), wrong.text.length());
            return List.of(wrong.replaced(end, end + 1, " ").replaced(at, at + 1, " "));
        });
        HINTS.put("expected a name, whose size is given apart, or 1", (wrong, at, _) -> List
                .of(wrong.replaced(at, wrong.endOf(at), wrong.fresh())));
        HINTS.put("to sum within one operand, use an einsum", (wrong, _, _) -> List.of(wrong.under(Rule.CONTRACT)));
        HINTS.put("expected the ellipsis in both places", (wrong, at, _) -> List
                .of(wrong.replaced(wrong.endOf(at), wrong.endOf(at), "...")));
        HINTS.put("to write a diagonal, name the axes in words: '(.*)'", (wrong, _, hint) -> List
                .of(wrong.text(hint.group(1)).in(Dialect.WORDS)));
        HINTS.put("they mark what is summed; remove them", (wrong, _, _) -> {
            int output = wrong.text.indexOf("->");
            return List.of(wrong.text(wrong.text.substring(0, output)
                    + wrong.text.substring(output).replace('[', ' ').replace(']', ' ')));
        });
        HINTS.put("remove the brackets|remove those", (wrong, _, _) -> List
                .of(wrong.text(wrong.text.replace('[', ' ').replace(']', ' '))));
        HINTS.put("write \\[(.*)]", (wrong, at, hint) -> List
                .of(wrong.replaced(at, wrong.endOf(at), "[" + hint.group(1) + "]")));
        HINTS.put("(?:put it in the output|add it there)(?:, or use an? (einsum|reduction))?", (wrong, at, hint) -> {
            List<Input> right = new ArrayList<>();
            boolean repeated = wrong.text.startsWith("...", wrong.endOf(at));
            right.add(wrong.text(wrong.text
                    + wrong.apart(wrong.text.substring(at, wrong.endOf(at)) + (repeated ? "..." : ""))));
            Optional.ofNullable(hint.group(1)).ifPresent(rule -> right
                    .add(wrong.under(rule.equals("einsum") ? Rule.CONTRACT : Rule.REDUCE)));
            return right;
        });
        HINTS.put("use an einsum", (wrong, _, _) -> List.of(wrong.under(Rule.CONTRACT)));
        HINTS.put("use a reduction", (wrong, _, _) -> List.of(wrong.under(Rule.REDUCE)));
        HINTS.put("name the others too, or add '...' for them", (wrong, at, _) -> {
            int end = wrong.endOfTerm(at);
            int operand = (int) wrong.text.substring(0, at).chars().filter(c -> c == ',').count();
            String term = wrong.text.substring(wrong.startOfTerm(at), end);
            long named = term.codePoints().filter(Character::isLetter).count();
            List<Input> right = new ArrayList<>(List.of(wrong.replaced(end, end, wrong.apart("..."))));
            if (wrong.dialect == Dialect.LETTERS && !term.contains(".") && wrong.text.contains("->")
                    && wrong.shapes.get(operand).length == named + 1) {
                right.add(wrong.replaced(end, end, wrong.fresh()));
            }
            return right;
        });
        HINTS.put("add '...' for the others there and in the output", (wrong, at, _) -> List
                .of(wrong.replaced(wrong.endOfTerm(at), wrong.endOfTerm(at), " ... ")
                        .text(wrong.replaced(wrong.endOfTerm(at), wrong.endOfTerm(at), " ... ").text + " ...")));
        HINTS.put("(?:expected one|give all but one of its parts), such as (.*)", (wrong, _, hint) -> List
                .of(wrong.with(hint.group(1))));
        HINTS.put("expected (\\w+=\\d+)$", (wrong, _, hint) -> List.of(wrong.with(hint.group(1))));
        HINTS.put("the nearest divisors are (\\d+)(?: and (\\d+))?", (wrong, _, hint) -> {
            Matcher which = Pattern.compile("which (\\w+)=(\\d+) does not divide").matcher(hintOf(wrong));
            assertThat(which.find()).isTrue();
            return IntStream.rangeClosed(1, 2).mapToObj(hint::group).filter(n -> n != null)
                    .map(n -> resized(wrong, which.group(1), Integer.parseInt(n))).toList();
        });
        HINTS.put("expected (\\w+)=(\\d+)(?: and \\w+=(\\d+))?$", (wrong, _, hint) -> IntStream.of(2, 3)
                .mapToObj(hint::group).filter(n -> n != null)
                .map(n -> resized(wrong, hint.group(1), Integer.parseInt(n))).toList());
        HINTS.put("size 1 stretches to others only if broadcasting is switched on",
                (wrong, _, _) -> List.of(wrong.stretching()));
        HINTS.put("expected one size, or two names", (wrong, at, _) -> List
                .of(wrong.replaced(at, wrong.endOf(at), wrong.fresh())));
        HINTS.put("expected size 1, or a name in place of '.*'", (wrong, at, _) -> List
                .of(wrong.replaced(at, wrong.endOf(at), wrong.fresh())));
    }

    private static final Pattern OTHER_DIALECT = Pattern.compile("it would be right: Einsum\\.(words|letters)");

    private static String hintOf(Input wrong) {
        return catchThrowableOfType(EquationError.class, wrong::bind).problem();
    }

    /** With another size of an axis: the one that was given, or that of the arrays which have the axis by itself. */
    private static Input resized(Input wrong, String axis, int size) {
        if (wrong.parts.containsKey(axis)) {
            return wrong.with(axis + "=" + size);
        }
        List<Term> terms = Equation.parse(wrong.text, wrong.dialect, wrong.rule).operands();
        List<long[]> shapes = new ArrayList<>();
        for (int i = 0; i < terms.size(); i++) {
            long[] shape = wrong.shapes.get(i).clone();
            for (int j = 0; j < shape.length; j++) {
                // Terms that end with an ellipsis are laid along the shape from the left.
                boolean here = j < terms.get(i).elements().size()
                        && terms.get(i).elements().get(j).toString().equals(axis);
                shape[j] = here ? size : shape[j];
            }
            shapes.add(shape);
        }
        return wrong.shapes(shapes);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            # rule    | equation                        | shapes            | given   | end of the message
            REPEAT    | l d -> b l d                    | 2 4               | b=2 d=7 | ; expected d=4
            CONTRACT  | i j, j k -> i k                 | 2 3, 4 3          | -       | ; its shape would fit the term 'k j'
            CONTRACT  | i j, j k -> i k                 | 2 3, 1 5          | -       | only if broadcasting is switched on
            CONTRACT  | (a b) (c d) -> a b c d          | 6 6               | -       | ; give all but one of its parts, such as a=2, c=2
            CONTRACT  | (a b) (b c) -> a b c            | 3 5               | -       | ; give all but one of its parts, such as a=3
            REPEAT    | a -> a r s                      | 3                 | -       | such as r=2, s=2
            REARRANGE | a (b c) -> a b c                | 2 12              | b=5     | ; the nearest divisors are 4 and 6
            REARRANGE | a (b c) -> a b c                | 2 12              | b=3 c=5 | ; expected c=4
            REARRANGE | a 1 -> a                        | 3 2               | -       | of shape (3, 2); expected size 1
            REARRANGE | a b -> a                        | 2 3               | -       | rearrange keeps all axes; add it there, or use a reduction
            DOT       | a [b], [c] d -> a d             | 2 3, 3 4          | -       | exactly two operands; use an einsum
            CONTRACT  | batch len -> bacth              | 2 3               | -       | ; did you mean 'batch'?
            CONTRACT  | batch len -> batch bacth        | 2 3               | -       | ; known are batch, len
            """)
    void onlyWhatWorksIsTold(Rule rule, String text, String shapes, String parts, String end) {
        Input wrong = new Input(text, Dialect.WORDS, rule, Caret.shapes(shapes), Caret.sizes(parts), false);

        assertThat(hintOf(wrong)).endsWith(end);
        assertFollowed(wrong, new HashMap<>());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            seq, seq ->          | 4, 4 | read as letters, an axis each; as names apart by spaces, it would be right: Einsum.words, or --words
            d_model, d_model ->  | 4, 4 | read as letters, an axis each; as names apart by spaces, it would be right: Einsum.words, or --words
            ij,jk->ik            | 2 3, 4 5 | read as letters, an axis each; for names apart by spaces: Einsum.words, or --words
            i j, jk -> i k       | 2 3, 3 5 | read as names apart by spaces; as letters, an axis each, it would be right: Einsum.letters, or --letters
            i j, j k -> i k      | 2 3, 4 5 | read as names apart by spaces; for letters, an axis each: Einsum.letters, or --letters
            """)
    void theDialectIsTold(String text, String shapes, String told) {
        EquationError error = catchThrowableOfType(EquationError.class,
                () -> Binding.of(Equation.of(text), Caret.shapes(shapes)));

        assertThat(error).hasMessageContaining("\n(" + told + ")\n    " + text);
    }

    @Tag("once")
    @Test
    void whoeverFollowsAHintHasNoMistakeAnyMore() {
        Random random = new Random(1);
        List<Input> seeds = seeds();
        Map<String, Integer> followed = new HashMap<>();
        for (int trial = 0; trial < TRIALS; trial++) {
            Input input = seeds.get(random.nextInt(seeds.size()));
            for (int change = random.nextInt(3); change < 2; change++) {
                input = changed(input, random);
            }
            assertFollowed(input, followed);
        }
        assertThat(followed.keySet()).containsAll(HINTS.keySet());
    }

    private static void assertFollowed(Input input, Map<String, Integer> followed) {
        Input wrong = input;
        EquationError error = catchThrowableOfType(EquationError.class, wrong::bind);
        if (error == null) {
            return;
        }
        if (OTHER_DIALECT.matcher(String.valueOf(error.getMessage())).find()) {
            Input other = wrong.in(wrong.dialect == Dialect.WORDS ? Dialect.LETTERS : Dialect.WORDS);
            assertRead(error, wrong, other);
        }
        for (Map.Entry<String, Following> hint : HINTS.entrySet()) {
            Matcher matcher = Pattern.compile(hint.getKey()).matcher(error.problem());
            if (matcher.find()) {
                followed.merge(hint.getKey(), 1, Integer::sum);
                hint.getValue().of(wrong, error.position(), matcher).forEach(right -> assertRead(error, wrong, right));
                return;
            }
        }
    }

    /** Mistakes of the string are found before the shapes are known, so there only the string is right. */
    private static void assertRead(EquationError error, Input wrong, Input right) {
        assertThatCode(() -> {
            Equation read = Equation.parse(right.text, right.dialect, right.rule);
            if (isRead(wrong)) {
                Binding.of(read, right.shapes, right.parts, right.broadcasting);
            }
        }).as("%s: %s%nfollowed: %s", wrong, error.problem(), right).doesNotThrowAnyException();
    }

    private static boolean isRead(Input input) {
        try {
            Equation.parse(input.text, input.dialect, input.rule);
            return true;
        } catch (EquationError e) {
            return false;
        }
    }

    private static Input changed(Input input, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> {
                int at = random.nextInt(input.text.length() + 1);
                int end = Math.min(input.text.length(), at + random.nextInt(2));
                String sign = random.nextInt(4) == 0 ? "" : "" + SIGNS.charAt(random.nextInt(SIGNS.length()));
                yield input.replaced(at, end, sign);
            }
            case 1 -> input.shapes(otherShapes(input.shapes, random));
            case 2 -> {
                List<String> names = List.of("i", "j", "a", "b", "head", "haed");
                yield input.with(names.get(random.nextInt(names.size())) + "=" + random.nextInt(8));
            }
            default -> input.parts(Map.of());
        };
    }

    private static List<long[]> otherShapes(List<long[]> shapes, Random random) {
        List<long[]> others = new ArrayList<>(shapes.stream().map(long[]::clone).toList());
        int which = random.nextInt(others.size());
        long[] shape = others.get(which);
        switch (random.nextInt(shape.length == 0 ? 1 : 4)) {
            case 0 -> {
                long[] longer = java.util.Arrays.copyOf(shape, shape.length + 1);
                longer[shape.length] = random.nextInt(4);
                others.set(which, longer);
            }
            case 1 -> others.set(which, java.util.Arrays.copyOf(shape, shape.length - 1));
            case 2 -> shape[random.nextInt(shape.length)] = random.nextInt(5);
            default -> {
                int from = random.nextInt(shape.length);
                long first = shape[0];
                shape[0] = shape[from];
                shape[from] = first;
            }
        }
        return others;
    }

    /** Most without mistakes; those of the last lines are seldom made by chance. */
    private static List<Input> seeds() {
        return """
                CONTRACT  | LETTERS | ij,jk->ik                      | 2 3, 3 4      | -
                CONTRACT  | LETTERS | ij,jk                          | 2 3, 3 4      | -
                CONTRACT  | LETTERS | bij,bjk,k->bi                  | 5 2 3, 5 3 4, 4 | -
                CONTRACT  | LETTERS | ii->i                          | 3 3           | -
                CONTRACT  | LETTERS | ...i,ij->...j                  | 2 2 3, 3 4    | -
                CONTRACT  | WORDS   | i j, j k -> i k                | 2 3, 3 4      | -
                CONTRACT  | WORDS   | ab ba, ba head -> ab head      | 2 3, 3 4      | -
                CONTRACT  | WORDS   | i (a b), b -> i a              | 2 12, 3       | -
                CONTRACT  | WORDS   | i (head b) -> i head b         | 2 12          | head=3
                CONTRACT  | WORDS   | (a b) (i j) -> a b i j         | 6 12          | a=3 j=2
                CONTRACT  | WORDS   | ... i 1, i j -> ... j          | 5 2 1, 2 3    | -
                CONTRACT  | WORDS   | a () b -> a b                  | 2 1 3         | -
                CONTRACT  | WORDS   | a [b], [b] i -> a i            | 2 3, 3 4      | -
                CONTRACT  | WORDS   | i -> i i                       | 3             | -
                DOT       | WORDS   | a b, b i -> a i                | 2 3, 3 4      | -
                DOT       | WORDS   | a [b], [b] i -> a i            | 2 3, 3 4      | -
                DOT       | WORDS   | [a], [a], i -> i               | 2, 2, 3       | -
                DOT       | WORDS   | b (s [t])... [i], [t... i] j -> b s... j | 4 6 8 5, 3 4 5 7 | -
                DOT       | WORDS   | a s..., s... -> a s...         | 2 3 4, 3 4    | -
                REARRANGE | WORDS   | a (b i) -> (a b) i             | 2 12          | b=3
                REARRANGE | WORDS   | a 1 b -> b a                   | 2 1 3         | -
                REARRANGE | WORDS   | a ... b -> b ... a             | 2 5 6 3       | -
                REPEAT    | WORDS   | a b -> a i b                   | 2 3           | i=2
                REPEAT    | WORDS   | a -> (a i) j                   | 2             | i=2 j=3
                REDUCE    | WORDS   | a b -> a                       | 2 3           | -
                REDUCE    | WORDS   | a (b i) -> b                   | 2 12          | i=4
                CONTRACT  | WORDS   | a ((b) i) -> a                 | 2 3           | -
                CONTRACT  | WORDS   | a [b] -> [a]                   | 2 3           | -
                DOT       | WORDS   | a s..., s -> a s...            | 2 3, 3        | -
                REARRANGE | WORDS   | a b i -> a                     | 2 3 4         | -
                CONTRACT  | WORDS   | (a b i) -> a b i               | 12            | b=5 i=1
                """.lines().map(line -> line.split("\\|")).map(cells -> new Input(cells[2].strip(),
                Dialect.valueOf(cells[1].strip()), Rule.valueOf(cells[0].strip()), Caret.shapes(cells[3].strip()),
                Caret.sizes(cells[4].strip().equals("-") ? null : cells[4]), false)).toList();
    }
}

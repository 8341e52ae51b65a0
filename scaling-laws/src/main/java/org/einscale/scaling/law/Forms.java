package org.einscale.scaling.law;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.einscale.scaling.ScalingException;
import org.einscale.tensor.Nearest;

/** The forms that have a name. */
public final class Forms {

    /** All of them. */
    public static final List<Form> ALL = List.of(Power.N, Power.D, Power.C, Chinchilla.FORM, Kaplan.FORM, Repeated.FORM,
            Sparse.FORM, LowPrecision.FORM, Broken.N, Broken.D, Broken.C);

    private Forms() {
    }

    /** Their names. */
    public static List<String> names() {
        return ALL.stream().map(Form::name).toList();
    }

    /**
     * The form of a name, or one's own where the text is a formula.
     *
     * @throws ScalingException where it is neither
     */
    public static Form of(String nameOrFormula, Set<String> otherInputs) {
        return ALL.stream().filter(form -> form.name().equals(nameOrFormula)).findFirst().orElseGet(() -> {
            if (nameOrFormula.matches("[A-Za-z-]*")) {
                throw new ScalingException("no law '" + nameOrFormula + "'"
                        + Nearest.to(nameOrFormula, names()).map(near -> ", did you mean '" + near + "'?").orElse("")
                        + "; expected a formula such as \"E + A * n^-alpha\", or one of "
                        + names().stream().collect(Collectors.joining(", ")));
            }
            return Form.own(nameOrFormula, otherInputs);
        });
    }
}

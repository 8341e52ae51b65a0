package org.einscale.experiments;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import org.einscale.experiments.command.EinsumCommand;
import org.einscale.experiments.command.FitCommand;
import org.einscale.experiments.command.PlotCommand;
import org.einscale.experiments.command.SampleCommand;
import org.einscale.experiments.command.SweepCommand;
import org.einscale.experiments.command.TrainCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command line of einscale. Exit codes: 0 for success, 1 for a run that failed, 2 for a usage or input error. Errors
 * are one line on standard error, with a stack trace only under {@code --debug}.
 */
@Command(name = "einscale", mixinStandardHelpOptions = true, versionProvider = Version.class, scope = ScopeType.INHERIT, synopsisSubcommandLabel = "COMMAND", subcommands = {
    TrainCommand.class, SweepCommand.class, FitCommand.class, PlotCommand.class, SampleCommand.class,
    EinsumCommand.class}, description = "Scaling experiments with language models whose layers are written as einsum strings.", footerHeading = "%nExamples:%n", footer = {
        "  einscale sweep experiments/configs/quickstart.conf      train a ladder of sizes, fit and draw the law",
        "  einscale sample runs/quickstart --prompt \"a small\"      let the largest model write",
        "  einscale fit runs.csv --n parameters --loss loss        fit a law to any table",
        "  einscale einsum \"ij,jk->ik\" a.npy b.npy -o c.npy        compute one einsum", "",
        "`einscale COMMAND --help` explains a command. All settings: experiments/src/main/resources/reference.conf"})
public final class Main implements Runnable {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace of an error.")
    private boolean debug;

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The parser and runner of all commands; {@code execute} returns the exit code. */
    public static CommandLine commandLine() {
        return new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::refuse).setExecutionExceptionHandler(Main::report);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected a command: "
                + String.join(", ", spec.subcommands().keySet()));
    }

    private static int refuse(ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("einscale: " + decapitalize(String.valueOf(problem.getMessage())));
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(problem, err)) {
            err.println("Try `" + command.getCommandSpec().qualifiedName() + " --help`.");
        }
        return MISUSED;
    }

    private static int report(Exception failure, CommandLine command, ParseResult result) {
        PrintWriter err = command.getErr();
        boolean usersMistake = isUsersMistake(failure);
        boolean known = usersMistake || failure instanceof IOException || failure instanceof UncheckedIOException;
        err.println("einscale: " + (known ? "" : failure.getClass().getSimpleName() + ": ") + Failure.describe(failure)
                + (known || debug(command) ? "" : " (--debug shows where)"));
        if (debug(command)) {
            failure.printStackTrace(err);
        }
        return usersMistake ? MISUSED : FAILED;
    }

    /**
     * Every module refuses bad input with an IllegalArgumentException or an exception type of its own. A disk that is full
     * or broken is nobody's mistake.
     */
    private static boolean isUsersMistake(Exception failure) {
        Throwable cause = failure.getCause();
        boolean disk = cause instanceof IOException && !(cause instanceof FileSystemException);
        return !disk && !(failure instanceof RunFailed)
                && (failure instanceof IllegalArgumentException || ofEinscale(failure));
    }

    private static boolean ofEinscale(Exception failure) {
        return failure.getClass().getName().startsWith("org.einscale.");
    }

    private static boolean debug(CommandLine command) {
        return command.getCommandSpec().root().userObject() instanceof Main main && main.debug;
    }

    private static String decapitalize(String message) {
        return message.isEmpty() || message.startsWith("'")
                ? message
                : Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }
}

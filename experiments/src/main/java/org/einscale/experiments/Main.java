package org.einscale.experiments;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.Set;
import org.einscale.experiments.command.AnswersCommand;
import org.einscale.experiments.command.CompareCommand;
import org.einscale.experiments.command.CoordinateCheckCommand;
import org.einscale.experiments.command.EinsumCommand;
import org.einscale.experiments.command.ExplainCommand;
import org.einscale.experiments.command.FitCommand;
import org.einscale.experiments.command.FrontierCommand;
import org.einscale.experiments.command.MachineCommand;
import org.einscale.experiments.command.NodeCommand;
import org.einscale.experiments.command.NodesCommand;
import org.einscale.experiments.command.PlotCommand;
import org.einscale.experiments.command.PredictCommand;
import org.einscale.experiments.command.ReportCommand;
import org.einscale.experiments.command.ReproduceCommand;
import org.einscale.experiments.command.SampleCommand;
import org.einscale.experiments.command.ShardCommand;
import org.einscale.experiments.command.SweepCommand;
import org.einscale.experiments.command.TrainCommand;
import org.einscale.experiments.command.WatchCommand;
import org.einscale.experiments.progress.Terminal;
import org.einscale.tensor.Decimal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * The command line of einscale. Exit codes: 0 for success, 1 for a run that failed, 2 for a usage or input error. Errors
 * are one line on standard error, with a stack trace only under {@code --debug}. A mistake in an einsum string or a layer is
 * followed by that string and a caret below the place.
 */
@Command(name = "einscale", mixinStandardHelpOptions = true, versionProvider = Version.class, scope = ScopeType.INHERIT, synopsisSubcommandLabel = "COMMAND", subcommands = {
    TrainCommand.class, SweepCommand.class, FitCommand.class, PredictCommand.class, FrontierCommand.class,
    PlotCommand.class, ReportCommand.class, WatchCommand.class, ReproduceCommand.class,
    CompareCommand.class, CoordinateCheckCommand.class, SampleCommand.class, AnswersCommand.class,
    EinsumCommand.class, ExplainCommand.class, ShardCommand.class,
    MachineCommand.class, NodeCommand.class,
    NodesCommand.class}, description = "Scaling experiments with language models whose layers are written as einsum strings.", footerHeading = "%nExamples:%n", footer = {
        "  einscale sweep experiments/configs/quickstart.conf      train a ladder of sizes, fit and draw the law",
        "  einscale sample runs/quickstart --prompt \"a small\"      let the largest model write",
        "  einscale fit runs.csv --n parameters --loss loss        fit a law to any table",
        "  einscale watch runs/quickstart                          see it go on, in a browser or the terminal",
        "  einscale compare runs/a runs/b                          what differs in settings and losses",
        "  einscale einsum \"ij,jk->ik\" a.npy b.npy -o c.npy        compute one einsum",
        "  einscale explain mine.conf --layer mlp --after plan     show what a training step computes",
        "  einscale shard mine.conf --mesh data=2 --preset fsdp    show what it sends on several devices", "",
        "`einscale COMMAND --help` explains a command. All settings: experiments/src/main/resources/reference.conf"})
public final class Main implements Runnable {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;
    private static final int LEAST_HELP_WIDTH = 55;
    private static final int GREATEST_HELP_WIDTH = 120;
    /** What the system says of a path that could never be written, however much room the disk has. */
    private static final Set<String> WRONG_PLACES = Set.of("Is a directory", "Not a directory", "File name too long");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace of an error.")
    private boolean debug;

    public static void main(String[] arguments) {
        CommandLine commandLine = commandLine().setOut(StandardOutput.writer());
        if (Terminal.isPlain(System.getenv())) {
            commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        }
        if (Terminal.columns() > 0) {
            commandLine.setUsageHelpWidth(Math.clamp(Terminal.columns(), LEAST_HELP_WIDTH, GREATEST_HELP_WIDTH));
        }
        System.exit(commandLine.execute(arguments));
    }

    /** The parser and runner of all commands; {@code execute} returns the exit code. */
    public static CommandLine commandLine() {
        return new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(double.class, Main::decimal).setExecutionStrategy(Main::execute)
                .setParameterExceptionHandler(Main::refuse).setExecutionExceptionHandler(Main::report);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected a command: "
                + String.join(", ", spec.subcommands().keySet()));
    }

    private static Double decimal(String text) {
        return Decimal.of(text).orElseThrow(() -> new TypeConversionException("'" + text + "' is not a number"));
    }

    /** Runs the command; what is no Exception, and output that was lost, become failures to be told in one line. */
    private static int execute(ParseResult arguments) {
        CommandLine command = arguments.asCommandLineList().getLast();
        int exitCode;
        try {
            VectorModule.load();
            exitCode = new CommandLine.RunLast().execute(arguments);
        } catch (RunFailed noVectors) {
            throw new ExecutionException(command, "no vectors", noVectors);
        } catch (OutOfMemoryError tooLittle) {
            throw new ExecutionException(command, "out of memory", new RunFailed("out of memory: "
                    + Failure.describe(tooLittle) + "; EINSCALE_JAVA_OPTS=-Xmx8g, for example, gives Java more",
                    tooLittle));
        }
        if (command.getOut().checkError()) {
            throw new ExecutionException(command, "output lost", new RunFailed("standard output cannot be written"));
        }
        return exitCode;
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
        boolean known = ofEinscale(failure) || usersMistake || failure instanceof IOException
                || failure instanceof UncheckedIOException;
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
        boolean disk = failure.getCause() instanceof IOException cause && isOfTheDisk(cause);
        return !disk && !(failure instanceof RunFailed)
                && (failure instanceof IllegalArgumentException || ofEinscale(failure));
    }

    /** Subclasses say what is wrong with the file or its path; the classes themselves carry the system's own words. */
    private static boolean isOfTheDisk(IOException cause) {
        if (cause.getClass() == FileSystemException.class) {
            String reason = ((FileSystemException) cause).getReason();
            return reason == null || !WRONG_PLACES.contains(reason);
        }
        return cause.getClass() == IOException.class;
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

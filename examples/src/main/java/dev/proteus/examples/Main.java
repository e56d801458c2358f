package dev.proteus.examples;

import dev.proteus.error.TensorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// The `proteus` command.
@Command(
    name = "proteus",
    mixinStandardHelpOptions = true,
    version = "Proteus 0.1.0",
    description = "A tensor engine for the JVM.",
    subcommands = {MnistCommand.class, DevicesCommand.class},
    footer = "%nBenchmarks: proteus bench [filter]")
final class Main {
  private Main() {}

  static void main(String[] args) {
    System.exit(run(args));
  }

  /// Runs a command line and returns its exit code: 2 for a wrong flag or file.
  static int run(String... args) {
    CommandLine line = new CommandLine(new Main());
    line.setParameterExceptionHandler(Main::oneLine);
    line.setExecutionExceptionHandler(Main::failure);
    if (args.length == 0) {
      line.usage(line.getOut());
      return 0;
    }
    return line.execute(args);
  }

  private static int oneLine(ParameterException e, String[] args) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    e.getCommandLine().getErr().println("proteus: " + message + " (see " + command + " --help)");
    return CommandLine.ExitCode.USAGE;
  }

  private static int failure(Exception e, CommandLine line, ParseResult parsed) throws Exception {
    return switch (e) {
      case IOException io -> refused(line, io);
      case UncheckedIOException io -> refused(line, io);
      case TensorException refusal -> refused(line, refusal);
      case IllegalArgumentException refusal -> refused(line, refusal);
      default -> throw e;
    };
  }

  private static int refused(CommandLine line, Exception e) {
    line.getErr().println("proteus: " + e.getMessage());
    return CommandLine.ExitCode.USAGE;
  }
}

package dev.proteus.examples;

import dev.proteus.error.TensorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/// The `proteus` command.
@Command(
    name = "proteus",
    mixinStandardHelpOptions = true,
    version = "Proteus 0.1.0",
    description = "A tensor engine for the JVM.",
    subcommands = {MnistCommand.class, RecipeCommand.class, DevicesCommand.class},
    footer = "%nBenchmarks: proteus bench [filter]")
final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private Main() {}

  static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /// The command line; its exit code is 2 for a wrong flag or file, which it says in one line.
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setParameterExceptionHandler(Main::oneLine)
        .setExecutionExceptionHandler(Main::failure);
  }

  /// Without a command, what there is.
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int oneLine(ParameterException e, String[] args) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    e.getCommandLine().getErr().println("proteus: " + message + " (see " + command + " --help)");
    return CommandLine.ExitCode.USAGE;
  }

  private static int failure(Exception e, CommandLine line, ParseResult parsed) throws Exception {
    return switch (e) {
      case IOException io -> refused(line, message(io));
      case UncheckedIOException io -> refused(line, message(Objects.requireNonNull(io.getCause())));
      case TensorException refusal -> refused(line, refusal.getMessage());
      case IllegalArgumentException refusal -> refused(line, refusal.getMessage());
      default -> throw e;
    };
  }

  /// What a file has done; the message of a file system's own errors is but its name.
  private static String message(IOException e) {
    return switch (e) {
      case NoSuchFileException file -> file.getFile() + ": no such file";
      case AccessDeniedException file -> file.getFile() + ": access denied";
      case FileAlreadyExistsException file -> file.getFile() + ": exists already";
      default -> String.valueOf(e.getMessage());
    };
  }

  /// One line, also where a message lists one thing a line.
  private static int refused(CommandLine line, @Nullable String message) {
    List<String> parts = String.valueOf(message).lines().map(String::strip).toList();
    String rest = parts.size() > 2 ? " (and %d more)".formatted(parts.size() - 2) : "";
    line.getErr()
        .println(
            "proteus: " + String.join(" ", parts.subList(0, Math.min(2, parts.size()))) + rest);
    return CommandLine.ExitCode.USAGE;
  }
}

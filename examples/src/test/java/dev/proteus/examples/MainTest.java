package dev.proteus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The command line: what it refuses, and what it answers.
class MainTest {
  @TempDir Path folder;

  private static void refused(String because, String... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertEquals(2, run.code(), run::toString);
    assertEquals(1, run.err().size(), run::toString);
    assertTrue(run.err().getFirst().startsWith("proteus: "), run::toString);
    assertTrue(run.err().getFirst().contains(because), run::toString);
  }

  @Test
  @DisplayName("a wrong command, flag or value is one line and exit code 2")
  void wrongFlags() {
    refused("'minst'", "minst");
    refused("'--all'", "devices", "--all");
    refused("'--epoch'", "mnist", "--epoch", "1");
    refused("'--epochs' (N)", "mnist", "--epochs");
    refused("'many' is not an int", "mnist", "--epochs", "many");
    refused("--epochs is -1; it must be 0 or more", "mnist", "--epochs", "-1");
    refused("--batch is 0; it must be 1 or more", "mnist", "--batch", "0");
    refused("--lr is 0.0; it must be more than 0", "mnist", "--lr", "0");
    refused("--lr is NaN; it must be more than 0", "mnist", "--lr", "NaN");
    refused("--dtype is int64; it must be a floating type", "mnist", "--dtype", "int64");
    refused("dtype: unknown name 'float23'", "mnist", "--dtype", "float23");
    refused("device abacus:0: no backend", "mnist", "--device", "abacus", "--out", out());
    refused("'cpu:x' is not kind or kind:number", "mnist", "--device", "cpu:x", "--out", out());
    refused("cpu:7: not available: there are 1", "mnist", "--device", "cpu:7", "--out", out());
  }

  private String out() {
    return folder.resolve("out").toString();
  }

  @Test
  @DisplayName("a file that is missing, damaged or of something else is one line that names it")
  void wrongFiles() throws IOException {
    refused("nowhere/train-images-idx3-ubyte[.gz]: no such file", "mnist", "--data", "nowhere");
    refused("nowhere.st: no such file", "mnist", "--resume", "nowhere.st", "--out", out());
    refused(folder + ": no such file", "mnist", "--resume", folder.toString(), "--out", out());

    Path damaged = Files.write(folder.resolve("damaged.st"), new byte[] {1, 2, 3});
    refused(damaged.toString(), "mnist", "--resume", damaged.toString(), "--out", out());

    Path blocked = Files.createFile(folder.resolve("blocked"));
    refused(blocked + ": exists already", "mnist", "--out", blocked.toString());

    Path zipped = Files.createFile(folder.resolve("train-images-idx3-ubyte.gz"));
    refused(zipped + ": the file ends", "mnist", "--data", folder.toString(), "--out", out());
    Files.write(zipped, new byte[100]);
    refused(zipped + ": the file is not", "mnist", "--data", folder.toString(), "--out", out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "mnist", "devices"})
  @DisplayName("there is help for everything")
  void help(String command) {
    List<String> arguments = command.isEmpty() ? List.of("--help") : List.of(command, "--help");
    CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
    assertEquals(0, run.code(), run::toString);
    assertTrue(run.out().getFirst().startsWith("Usage: proteus"), run::toString);
    assertTrue(run.err().isEmpty(), run::toString);
  }

  @Test
  @DisplayName("without a command the help is shown")
  void nothing() {
    assertEquals(CommandRun.of("--help").out(), CommandRun.of().out());
  }
}

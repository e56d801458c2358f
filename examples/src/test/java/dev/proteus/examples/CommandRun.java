package dev.proteus.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// How a command of the example ended, and what it said.
///
/// @param code exit code
/// @param out lines of its output
/// @param err lines of its errors
record CommandRun(int code, List<String> out, List<String> err) {
  /// Runs a command line in this JVM.
  static CommandRun of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new CommandRun(code, out.toString().lines().toList(), err.toString().lines().toList());
  }

  /// Runs a command line in a JVM of its own, with the files of `folder` on its class path.
  static CommandRun inOwnJvm(Path folder, List<String> flags, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("--add-modules=jdk.incubator.vector"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
    command.add(System.getProperty("java.class.path") + File.pathSeparator + folder);
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertTrue(process.waitFor(2, TimeUnit.MINUTES), () -> "still running: " + command);
    return new CommandRun(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
  }
}

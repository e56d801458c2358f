package dev.proteus.examples;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

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
}

package dev.proteus.stress;

import java.util.List;

/// Runs the races; ends with an error where a forbidden outcome was seen.
public final class Main {
  private Main() {}

  /// Runs all races.
  ///
  /// @param args how often each race is run and for how many milliseconds
  public static void main(String[] args) throws Exception {
    List<String> options =
        List.of(
            "-f",
            "1",
            "-iters",
            args[0],
            "-time",
            args[1],
            "-sc",
            "false",
            "-af",
            "NONE",
            "-hs",
            "512",
            "-r",
            "races",
            "-jvmArgs",
            "--add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED");
    org.openjdk.jcstress.Main.main(options.toArray(String[]::new));
  }
}

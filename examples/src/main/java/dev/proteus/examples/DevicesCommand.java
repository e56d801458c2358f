package dev.proteus.examples;

import dev.proteus.spi.BackendProvider;
import dev.proteus.spi.BackendProvider.Availability;
import dev.proteus.spi.Backends;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `proteus devices`: each backend on the path with its devices, or the reason why it has none.
@Command(
    name = "devices",
    mixinStandardHelpOptions = true,
    description = "List each backend, its devices, memory and version, or why it is not available.")
final class DevicesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    for (BackendProvider provider : Backends.providers()) {
      switch (provider.availability()) {
        case Availability.Available _ -> {
          List<String> devices = provider.describe();
          for (int i = 0; i < devices.size(); i++) {
            out.println(provider.kind() + ":" + i + "  " + devices.get(i));
          }
        }
        case Availability.Unavailable(String reason) ->
            out.println(provider.kind() + "  not available: " + reason);
      }
    }
    out.println("meta:0  shapes and types without values, always available");
    out.println("default: " + Backends.defaultDevice());
    return 0;
  }
}

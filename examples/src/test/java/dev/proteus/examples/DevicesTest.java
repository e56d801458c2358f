package dev.proteus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.spi.Backend;
import dev.proteus.spi.BackendProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `proteus devices`.
class DevicesTest {
  @TempDir Path folder;

  /// A backend that ranks first and cannot be used here.
  public static final class Broken implements BackendProvider {
    @Override
    public String kind() {
      return "broken";
    }

    @Override
    public int priority() {
      return 900;
    }

    @Override
    public Availability availability() {
      return new Availability.Unavailable("its driver is not installed");
    }

    @Override
    public List<String> describe() {
      return List.of();
    }

    @Override
    public Backend open(int index) {
      throw new AssertionError("opened though not available");
    }
  }

  @Test
  @DisplayName("each device is there with its memory and version, and the default")
  void available() {
    CommandRun run = CommandRun.of("devices");
    assertEquals(0, run.code(), run::toString);
    String cpu = run.out().getFirst();
    assertTrue(cpu.matches("cpu:0  .+ threads, .+, [0-9.]+ GiB, Java 2[5-9].*"), cpu);
    assertEquals("default: cpu", run.out().getLast());
  }

  @Test
  @DisplayName("a backend that cannot be used is there with the reason")
  void unavailable() throws IOException, InterruptedException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(BackendProvider.class.getName()), Broken.class.getName() + "\n");
    CommandRun run = CommandRun.inOwnJvm(folder, List.of(), "devices");
    assertEquals(0, run.code(), run::toString);
    assertEquals("broken  not available: its driver is not installed", run.out().getFirst());
    assertTrue(run.out().get(1).startsWith("cpu:0  "), run::toString);
    assertEquals("default: cpu", run.out().getLast());

    CommandRun named =
        CommandRun.inOwnJvm(folder, List.of("-Dproteus.backend=broken"), "mnist", "--epochs", "0");
    assertEquals(2, named.code(), named::toString);
    assertTrue(named.err().getLast().endsWith("its driver is not installed"), named::toString);
  }
}

package dev.proteus.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.BackendUnavailableException;
import dev.proteus.reference.ReferenceProvider;
import dev.proteus.type.Device;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which backend is the default. The choice is made once in a process, so each case has a JVM of
/// its own, with three backends: `broken` (priority 900, not available), `quick` (500, two devices)
/// and the reference backend (1).
class BackendsTest {
  private static final String VARIABLE = "PROTEUS_BACKEND";

  @TempDir Path folder;

  /// A backend that ranks first and cannot be used.
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

  /// A backend with two devices.
  public static final class Quick implements BackendProvider {
    @Override
    public String kind() {
      return "quick";
    }

    @Override
    public int priority() {
      return 500;
    }

    @Override
    public Availability availability() {
      return new Availability.Available(2);
    }

    @Override
    public List<String> describe() {
      return List.of("first", "second");
    }

    @Override
    public Backend open(int index) {
      return new ReferenceProvider().open(0);
    }
  }

  /// Prefers the devices it is given, one after the other, and prints the default, or what went
  /// wrong, after each and at the start.
  static final class Probe {
    private Probe() {}

    static void main(String[] devices) {
      for (String device : devices) {
        print(() -> Backends.prefer(Device.parse(device)));
      }
      print(() -> System.out.println(Backends.defaultDevice()));
    }

    private static void print(Runnable action) {
      try {
        action.run();
      } catch (BackendUnavailableException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @BeforeEach
  void register() throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.write(
        services.resolve(BackendProvider.class.getName()),
        List.of(Quick.class.getName(), Broken.class.getName()));
  }

  private List<String> probe(String property, String variable, String... preferred)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (!property.isEmpty()) {
      command.add("-Dproteus.backend=" + property);
    }
    command.addAll(
        List.of("-cp", folder + File.pathSeparator + System.getProperty("java.class.path")));
    command.add(Probe.class.getName());
    command.addAll(List.of(preferred));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove(VARIABLE);
    if (!variable.isEmpty()) {
      builder.environment().put(VARIABLE, variable);
    }
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    assertEquals(0, process.exitValue(), output);
    return output.lines().toList();
  }

  @Test
  @DisplayName("the available backend of highest priority is the default")
  void priority() throws IOException, InterruptedException {
    assertEquals(List.of("quick:0"), probe("", ""));
  }

  @Test
  @DisplayName("the environment variable goes before priority, the property before it")
  void named() throws IOException, InterruptedException {
    assertEquals(List.of("reference:0"), probe("", "reference"));
    assertEquals(List.of("quick:1"), probe("quick:1", "reference"));
  }

  @Test
  @DisplayName("what the program prefers goes before all, unless it is not available")
  void preferred() throws IOException, InterruptedException {
    assertEquals(List.of("reference:0"), probe("quick:1", "quick", "quick:0", "reference"));
    assertEquals(
        List.of("device broken:0: not available: its driver is not installed", "quick:1"),
        probe("quick:1", "", "broken"));
  }

  @Test
  @DisplayName("a named backend that cannot be used is an error with the reason (rule TO-5)")
  void unavailable() throws IOException, InterruptedException {
    assertEquals(
        List.of("device broken:0: not available: its driver is not installed"),
        probe("broken", ""));
    assertEquals(
        List.of("device quick:2: not available: there are 2 devices of this kind"),
        probe("", "quick:2"));
    assertEquals(
        List.of(
            "device abacus:0: no backend on the path has this kind; add proteus-backend-abacus"
                + " (on the path: broken, quick, reference)"),
        probe("abacus", ""));
    assertEquals(
        List.of(
            "device opencl:1: no backend on the path has this kind; add proteus-backend-opencl"
                + " (on the path: broken, quick, reference)",
            "quick:0"),
        probe("", "", "opencl:1"));
  }
}

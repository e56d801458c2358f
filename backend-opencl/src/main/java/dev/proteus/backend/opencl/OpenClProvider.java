package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.OpenClDriver.Found;
import dev.proteus.error.BackendUnavailableException;
import dev.proteus.spi.Backend;
import dev.proteus.spi.BackendProvider;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Offers every OpenCL device of this machine, in order of platforms, as kind `opencl`.
public final class OpenClProvider implements BackendProvider {
  /// What was found when somebody first asked: devices, or why there are none.
  private sealed interface Search {
    record Devices(List<Found> found) implements Search {}

    record None(String reason) implements Search {}
  }

  private @Nullable Search known;

  private synchronized Search search() {
    if (known == null) {
      known = devices();
    }
    return known;
  }

  private static Search devices() {
    try {
      List<Found> found = OpenClDriver.devices();
      return found.isEmpty()
          ? new Search.None("OpenCL is installed, but it has no device")
          : new Search.Devices(found);
    } catch (LinkageError e) {
      return new Search.None(
          "there is no OpenCL loader on this machine; install ocl-icd-libopencl1 or the driver of"
              + " your device: "
              + e.getMessage());
    } catch (RuntimeException e) {
      return new Search.None(
          "OpenCL has no platform on this machine; install a driver, such as pocl-opencl-icd: "
              + e.getMessage());
    }
  }

  @Override
  public String kind() {
    return "opencl";
  }

  @Override
  public int priority() {
    return 50;
  }

  @Override
  public Availability availability() {
    return switch (search()) {
      case Search.Devices(List<Found> found) -> new Availability.Available(found.size());
      case Search.None(String reason) -> new Availability.Unavailable(reason);
    };
  }

  @Override
  public List<String> describe() {
    return switch (search()) {
      case Search.Devices(List<Found> found) -> found.stream().map(OpenClProvider::line).toList();
      case Search.None _ -> List.of();
    };
  }

  private static String line(Found device) {
    return "%s, %s, %s, driver %s, %.1f GiB%s"
        .formatted(
            device.platform(),
            device.name(),
            device.version(),
            device.driver(),
            device.memory() / (double) (1L << 30),
            Abilities.hasDoubles(device) ? "" : ", no float64");
  }

  @Override
  public Backend open(int index) {
    return switch (search()) {
      case Search.Devices(List<Found> found) -> new OpenClBackend(index, found.get(index));
      case Search.None(String reason) -> throw new BackendUnavailableException(reason);
    };
  }
}

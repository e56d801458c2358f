package dev.proteus.spi;

import dev.proteus.error.BackendUnavailableException;
import dev.proteus.spi.BackendProvider.Availability;
import dev.proteus.type.Device;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The backends on the path, and the devices opened so far.
///
/// Which kind of device is the default: what [#prefer(Device)] was given, else the system property
/// `proteus.backend`, else the environment variable `PROTEUS_BACKEND`, else the available provider
/// of highest priority.
public final class Backends {
  private static final Backends INSTALLED = new Backends();

  private final List<BackendProvider> providers;
  private final ConcurrentHashMap<Device, Backend> open = new ConcurrentHashMap<>();

  /// What was preferred, or else was found when the default was first asked for.
  private final AtomicReference<@Nullable Device> chosen = new AtomicReference<>();

  private Backends() {
    providers =
        ServiceLoader.load(BackendProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .sorted(Comparator.comparingInt(BackendProvider::priority).reversed())
            .toList();
  }

  /// All providers on the path, the preferred ones first.
  public static List<BackendProvider> providers() {
    return INSTALLED.providers;
  }

  /// Makes `device` the default of this process.
  ///
  /// @throws BackendUnavailableException if it has no available backend; the default is then as
  ///   before
  public static void prefer(Device device) {
    of(device);
    INSTALLED.chosen.set(device);
  }

  /// The device that tensors are made on where nobody says otherwise.
  ///
  /// @throws BackendUnavailableException if there is none, with the reason of each backend
  public static Device defaultDevice() {
    Device known = INSTALLED.chosen.get();
    if (known != null) {
      return known;
    }
    Device found = INSTALLED.choose();
    Device before = INSTALLED.chosen.compareAndExchange(null, found);
    return before == null ? found : before;
  }

  private Device choose() {
    String named = System.getProperty("proteus.backend", System.getenv().get("PROTEUS_BACKEND"));
    if (named != null && !named.isBlank()) {
      Device device = Device.parse(named.strip());
      of(device);
      return device;
    }
    return providers.stream()
        .filter(p -> p.availability() instanceof Availability.Available)
        .findFirst()
        .map(p -> new Device(p.kind(), 0))
        .orElseThrow(() ->
            new BackendUnavailableException(
                "device: no backend is available; add proteus-backend-cpu to the path"
                    + reasons()));
  }

  private String reasons() {
    return providers.stream()
        .map(p ->
            switch (p.availability()) {
              case Availability.Available _ -> "";
              case Availability.Unavailable(String reason) -> "; " + p.kind() + ": " + reason;
            })
        .collect(Collectors.joining());
  }

  /// The open backend of a device, opened at the first call.
  ///
  /// @throws BackendUnavailableException if no jar on the path has this kind of device, naming the
  ///   jar to add, or if the provider says no, with its reason (rule TO-5)
  public static Backend of(Device device) {
    Backend known = INSTALLED.open.get(device);
    return known != null ? known : INSTALLED.open.computeIfAbsent(device, INSTALLED::open);
  }

  private Backend open(Device device) {
    List<BackendProvider> ofKind =
        providers.stream().filter(p -> p.kind().equals(device.kind())).toList();
    if (ofKind.isEmpty()) {
      throw new BackendUnavailableException(
          "device "
              + device
              + ": no backend on the path has this kind; add proteus-backend-"
              + device.kind()
              + " (on the path: "
              + providers.stream().map(BackendProvider::kind).collect(Collectors.joining(", "))
              + ")");
    }
    String reason = "";
    for (BackendProvider provider : ofKind) {
      switch (provider.availability()) {
        case Availability.Available(int devices) when device.index() < devices -> {
          return provider.open(device.index());
        }
        case Availability.Available(int devices) ->
            reason = "there are " + devices + " devices of this kind";
        case Availability.Unavailable(String why) -> reason = why;
      }
    }
    throw new BackendUnavailableException("device " + device + ": not available: " + reason);
  }
}

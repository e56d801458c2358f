package dev.proteus.spi;

import java.util.List;

/// What a backend's jar registers with `ServiceLoader`: a kind of device and how to open one.
///
/// Loading a provider never fails and never touches a driver.
public interface BackendProvider {
  /// The kind of device, such as `cpu`.
  String kind();

  /// Which provider or kind is preferred: the higher one. The CPU's is 100.
  int priority();

  /// Whether devices can be opened here, and if not, why not. Never throws.
  Availability availability();

  /// One line per device that can be opened, in order of index: name, version, memory. Empty when
  /// not available.
  List<String> describe();

  /// Opens device `index`.
  ///
  /// @throws dev.proteus.error.BackendUnavailableException with the reason if it cannot be opened
  Backend open(int index);

  /// Whether a backend can be used here.
  sealed interface Availability {
    /// It can.
    ///
    /// @param devices number of devices
    record Available(int devices) implements Availability {}

    /// It cannot.
    ///
    /// @param reason one sentence that says what is missing
    record Unavailable(String reason) implements Availability {}
  }
}

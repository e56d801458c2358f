package dev.proteus.reference;

import dev.proteus.spi.Backend;
import dev.proteus.spi.BackendProvider;
import dev.proteus.type.Device;
import java.util.List;

/// Offers two devices of kind `reference`, so that things can be moved; the first is the default
/// only where there is no other.
public final class ReferenceProvider implements BackendProvider {
  /// The first device.
  public static final Device DEVICE = new Device("reference", 0);

  /// The other one.
  public static final Device SECOND = new Device("reference", 1);

  @Override
  public String kind() {
    return DEVICE.kind();
  }

  @Override
  public int priority() {
    return 1;
  }

  @Override
  public Availability availability() {
    return new Availability.Available(2);
  }

  @Override
  public List<String> describe() {
    return List.of("reference: one element at a time, for tests", "reference: the same again");
  }

  @Override
  public Backend open(int index) {
    return new ReferenceBackend(new Device(DEVICE.kind(), index));
  }
}

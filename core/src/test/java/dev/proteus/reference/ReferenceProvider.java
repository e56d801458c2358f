package dev.proteus.reference;

import dev.proteus.spi.Backend;
import dev.proteus.spi.BackendProvider;
import dev.proteus.type.Device;
import java.util.List;

/// Offers one device of kind `reference`, the default only where there is no other.
public final class ReferenceProvider implements BackendProvider {
  /// The device itself.
  public static final Device DEVICE = new Device("reference", 0);

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
    return new Availability.Available(1);
  }

  @Override
  public List<String> describe() {
    return List.of("reference: one element at a time, for tests");
  }

  @Override
  public Backend open(int index) {
    return new ReferenceBackend();
  }
}

package dev.proteus.backend.opencl;

import static org.junit.jupiter.api.Assertions.fail;

import dev.proteus.spi.BackendProvider.Availability;
import dev.proteus.type.Device;
import java.util.Arrays;
import org.opentest4j.TestAbortedException;

/// The device that tests use: the first one. Where there is none, tests are left out with the
/// reason; with `-Dproteus.require=opencl` they fail.
final class WithDevice {
  static final Device DEVICE = Device.parse("opencl:0");

  private static final boolean REQUIRED =
      Arrays.asList(System.getProperty("proteus.require", "").split(",")).contains("opencl");

  private WithDevice() {}

  static void check() {
    switch (new OpenClProvider().availability()) {
      case Availability.Available _ -> {}
      case Availability.Unavailable(String reason) -> {
        if (REQUIRED) {
          fail(reason);
        }
        throw new TestAbortedException(reason);
      }
    }
  }
}

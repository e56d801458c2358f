package dev.proteus.backend.opencl;

import dev.proteus.tck.BackendConformance;
import dev.proteus.tck.Gap;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;

/// The conformance kit on the first OpenCL device.
final class OpenClConformanceTest extends BackendConformance {
  private static final List<String> QUANTILES =
      List.of(
          "quantile",
          "quantile of an axis",
          "quantile higher",
          "quantile midpoint",
          "quantile nearest",
          "quantiles",
          "nanquantile",
          "nanmedian");

  @BeforeAll
  static void available() {
    WithDevice.check();
  }

  @Override
  protected Device device() {
    return WithDevice.DEVICE;
  }

  @Override
  protected List<Gap> gaps() {
    return switch (WithDevice.backend().target().doubles()) {
      case PRESENT -> List.of();
      case ABSENT -> withoutFloat64();
    };
  }

  /// What devices without float64 lack.
  private static List<Gap> withoutFloat64() {
    List<Gap> gaps = new ArrayList<>();
    gaps.add(gap("float64", "the device has no float64"));
    gaps.add(gap("to float64", "the device has no float64"));
    gaps.add(gap("gradient", "differences are taken in float64"));
    gaps.add(gap("second gradient", "differences are taken in float64"));
    gaps.add(gap("digamma · float32 · special values", "a few digits next to its zeros"));
    for (String name : QUANTILES) {
      gaps.add(gap(name, "places between elements are computed in float64"));
    }
    for (DType dtype : DType.values()) {
      if (!dtype.isFloating()) {
        gaps.add(gap("linspace · " + dtype, "steps between integers are computed in float64"));
      }
    }
    return gaps;
  }
}

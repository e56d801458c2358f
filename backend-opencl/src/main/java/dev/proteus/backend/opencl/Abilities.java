package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.OpenClDriver.Found;
import dev.proteus.codegen.Dialect;
import dev.proteus.codegen.Target;
import dev.proteus.error.UnsupportedOperatorException;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Listing;
import dev.proteus.op.Gather;
import dev.proteus.op.Map;
import dev.proteus.op.Primitive;
import dev.proteus.op.Reduce;
import dev.proteus.op.Scatter;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// What a device can do: as it says, or as the system properties have it that tests set.
///
/// `proteus.opencl.float64` is `on`, or `off` to treat every device as one without float64.
/// `proteus.opencl.loops` is `device`, or `chunks` or `stripes` to print kernels for processors or
/// for GPUs whatever the device is.
final class Abilities {
  static final String FLOAT64 = "proteus.opencl.float64";
  static final String LOOPS = "proteus.opencl.loops";

  private Abilities() {}

  /// What kernels are compiled for.
  static Target target(Found device) {
    return new Target(
        Dialect.OPENCL,
        loops(device),
        hasDoubles(device) ? Target.Doubles.PRESENT : Target.Doubles.ABSENT);
  }

  static boolean hasDoubles(Found device) {
    String mode = System.getProperty(FLOAT64, "on");
    return switch (mode) {
      case "on" -> device.hasDoubles();
      case "off" -> false;
      default -> throw wrong(FLOAT64, mode, "on or off");
    };
  }

  private static Target.Loops loops(Found device) {
    String mode = System.getProperty(LOOPS, "device");
    return switch (mode) {
      case "device" -> device.isProcessor() ? Target.Loops.CHUNKS : Target.Loops.STRIPES;
      case "chunks" -> Target.Loops.CHUNKS;
      case "stripes" -> Target.Loops.STRIPES;
      default -> throw wrong(LOOPS, mode, "device, chunks or stripes");
    };
  }

  private static IllegalArgumentException wrong(String property, String value, String right) {
    return new IllegalArgumentException(property + " is '" + value + "'; it must be " + right);
  }

  /// Refuses what a device without float64 cannot compute. Copies in memory, views and the way back
  /// to the host need no kernel and stay possible.
  ///
  /// @throws UnsupportedOperatorException if an operand, the result or a step between is float64
  static void checkWithoutDoubles(Device device, Primitive op, List<TensorSpec> inputs) {
    boolean needsDoubles =
        switch (op) {
          case Map map -> computes(map.expr());
          case Reduce reduce -> computes(reduce.expr());
          case Gather _, Scatter _ ->
              inputs.stream().anyMatch(input -> input.dtype() == DType.FLOAT64);
        };
    if (needsDoubles) {
      throw new UnsupportedOperatorException(
          "%s: '%s' needs float64, which this device does not have; convert to float32 before the move to %s, or compute on the CPU"
              .formatted(device, op.name(), device));
    }
  }

  private static boolean computes(Expr expr) {
    return Listing.of(expr).steps().stream().anyMatch(step -> step.dtype() == DType.FLOAT64);
  }
}

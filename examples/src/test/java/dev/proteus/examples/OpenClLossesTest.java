package dev.proteus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.proteus.nn.Sequential;
import dev.proteus.optim.Adam;
import dev.proteus.spi.BackendProvider.Availability;
import dev.proteus.spi.Backends;
import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Device;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/// The training of `proteus mnist` on the first OpenCL device, where there is one, and on the CPU.
class OpenClLossesTest {
  /// First steps of the training that are compared: the devices add in other orders, and from some
  /// sixty steps on training has made more of the difference.
  private static final int STEPS = 30;

  private static final int BATCH = 64;

  /// How far a loss may be from the CPU's, as a share of it.
  private static final double CLOSE = 1e-4;

  @Test
  void lossesAreThoseOfTheCpu() {
    check();
    List<Double> expected = losses(Device.CPU);
    List<Double> actual = losses(Device.parse("opencl:0"));
    for (int step = 0; step < STEPS; step++) {
      double loss = expected.get(step);
      assertEquals(loss, actual.get(step), CLOSE * loss, "step " + step);
    }
  }

  /// There is a device; with `-Dproteus.require=opencl` there must be.
  private static void check() {
    Availability availability =
        Backends.providers().stream()
            .filter(provider -> provider.kind().equals("opencl"))
            .findFirst()
            .orElseThrow()
            .availability();
    switch (availability) {
      case Availability.Available _ -> {}
      case Availability.Unavailable(String reason) -> {
        if (Arrays.asList(System.getProperty("proteus.require", "").split(","))
            .contains("opencl")) {
          fail(reason);
        }
        throw new TestAbortedException(reason);
      }
    }
  }

  private static List<Double> losses(Device device) {
    return Scope.on(device, () -> Scope.withGenerator(new Generator(1), OpenClLossesTest::losses));
  }

  private static List<Double> losses() {
    Digits.Split digits = Digits.load(Optional.empty());
    Sequential model = LeNet.create();
    Adam optimizer = new Adam(model.parameters(), 1e-3);
    PrintWriter out = new PrintWriter(new StringWriter());
    Training training = new Training(model, optimizer, digits, BATCH, out);
    Tensor order = digits.training().shuffled(1);
    return IntStream.range(0, STEPS)
        .mapToObj(step -> training.step(order, step * BATCH, (step + 1) * BATCH))
        .toList();
  }
}

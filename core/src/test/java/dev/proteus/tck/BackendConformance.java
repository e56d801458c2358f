package dev.proteus.tck;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.proteus.type.Device;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/// What every backend must pass: each sample in each type and arrangement against the reference
/// backend, derivatives against differences, calls in place, and errors.
///
/// ```java
/// class CpuConformanceTest extends BackendConformance {
///   @Override
///   protected Device device() {
///     return Device.CPU;
///   }
/// }
/// ```
///
/// Tests are called as `softmax · float16 · transposed`. The system property `proteus.kit.only`
/// picks those whose names contain it, or one of several texts between bars; `proteus.kit.seed`
/// draws other operands.
public abstract class BackendConformance {
  static final long SEED = Long.getLong("proteus.kit.seed", 1);

  private static final List<String> ONLY =
      List.of(System.getProperty("proteus.kit.only", "").split("\\|"));

  /// The device under test.
  protected abstract Device device();

  /// What this backend lacks. Tests that a gap explains are left out with its reason.
  protected List<Gap> gaps() {
    return List.of();
  }

  /// Something this backend lacks: see [Gap].
  protected static Gap gap(String name, String reason) {
    return new Gap(name, reason);
  }

  @TestFactory
  Stream<DynamicTest> samples() {
    List<Gap> gaps = gaps();
    return trials()
        .filter(trial -> ONLY.stream().anyMatch(trial.name()::contains))
        .map(trial -> DynamicTest.dynamicTest(trial.name(), () -> run(trial, gaps)));
  }

  /// What is tried; the kit's own tests try samples that must fail.
  List<Sample> samplesToTry() {
    return Samples.all();
  }

  private Stream<Trial> trials() {
    return Stream.concat(
        samplesToTry().stream().flatMap(sample -> Trial.all(device(), sample)),
        Trial.distributions(device()));
  }

  private void run(Trial trial, List<Gap> gaps) {
    Optional<Gap> gap = gaps.stream().filter(g -> g.covers(trial)).findFirst();
    if (gap.isPresent()) {
      throw new TestAbortedException(gap.get().toString());
    }
    try {
      trial.body().run();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "%s on %s, seed %s: %s".formatted(trial, device(), SEED, e.getMessage()), e);
    }
  }

  /// Of the tests that a gap explains, one fails at least; else it has been closed and must go.
  @TestFactory
  Stream<DynamicTest> openGaps() {
    return gaps().stream().map(gap -> DynamicTest.dynamicTest("gap · " + gap, () -> isOpen(gap)));
  }

  private void isOpen(Gap gap) {
    System.out.println(device() + " lacks " + gap);
    boolean isClosed = trials().filter(gap::covers).allMatch(Trial::passes);
    assertFalse(isClosed, "every test of the gap '" + gap.name() + "' passes; remove it");
  }
}

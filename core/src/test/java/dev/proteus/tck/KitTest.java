package dev.proteus.tck;

import static dev.proteus.tck.Arg.x;
import static dev.proteus.tck.Sample.s;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.ShapeException;
import dev.proteus.op.Backward;
import dev.proteus.op.Composite;
import dev.proteus.op.Differentiable;
import dev.proteus.op.TensorOps;
import dev.proteus.reference.ReferenceProvider;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/// The kit finds what is wrong: samples with one mistake each fail, in the trials that look for it.
final class KitTest {
  /// `x²`, with the derivative of `x³ / 3` times `slope`.
  private record Squared(double slope) implements Composite, Differentiable {
    @Override
    public String name() {
      return "squared";
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
      return inputs;
    }

    @Override
    public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
      return List.of(inputs.getFirst().square());
    }

    @Override
    public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
      return Collections.singletonList(g.input(0).mul(g.grad()).mul(slope));
    }
  }

  /// What is tried of a sample and fails, without the sample's name.
  private static Set<String> failures(Sample sample) {
    Set<String> failures = new TreeSet<>();
    Trial.all(ReferenceProvider.DEVICE, sample)
        .filter(trial -> !trial.passes())
        .forEach(trial -> failures.add(trial.name().replace(sample.name() + " · ", "")));
    return failures;
  }

  /// One case, one type.
  private static Sample sample(UnaryOperator<Tensor> call) {
    return Sample.of("wrong", call, x(3, 4)).types(Set.of(DType.FLOAT64)).with(Trait.COMBINED);
  }

  private static Sample squared(double slope) {
    return sample(x -> x.call(new Squared(slope), List.of(x)));
  }

  @Test
  void nothingIsWrongWithARightSample() {
    assertEquals(Set.of(), failures(squared(2)));
  }

  @Test
  void aWrongDerivative() {
    assertEquals(Set.of("gradient · [3, 4]"), failures(squared(3)));
  }

  @Test
  void aSecondDerivativeThatIsMissing() {
    Sample cut = sample(x -> x.mul(x.detach()).mul(2).sub(x.detach().square()));
    assertEquals(Set.of("second gradient · [3, 4]"), failures(cut));
  }

  @Test
  void aResultThatDependsOnTheLayout() {
    Sample careless = sample(x -> x.isContiguous() ? x.mul(2) : x.mul(3));
    assertTrue(
        failures(careless)
            .containsAll(
                Set.of("float64 · transposed", "float64 · strided", "float64 · expanded")));
  }

  @Test
  void anOperandThatIsOverwritten() {
    Sample careless =
        sample(x -> {
          Tensor result = x.mul(2);
          x.detach().zero_();
          return result;
        });
    assertTrue(failures(careless).contains("float64 · contiguous"));
  }

  @Test
  void aMetaDeviceThatDisagrees() {
    Sample other =
        sample(x -> x.device().isMeta() ? x.sum(0) : x.sum(1)).with(Trait.NOT_DIFFERENTIABLE);
    assertTrue(failures(other).contains("float64 · contiguous"));
  }

  @Test
  void aTypeThatIsNotRefused() {
    Sample lenient = Sample.of("wrong", x -> x.mul(2), x(3)).types(Sample.NUMBERS);
    assertEquals(Set.of("rejects · bool"), failures(lenient));
  }

  @Test
  void anErrorThatIsNotThrown() {
    Sample lenient = sample(Tensor::neg).rejects(ShapeException.class, s(2));
    assertEquals(Set.of("rejects · [2]"), failures(lenient));
  }

  @Test
  void aFormInPlaceThatWritesSomethingElse() {
    Sample other = sample(Tensor::exp).inPlace(Tensor::sqrt_);
    assertTrue(failures(other).contains("in place · float64 · contiguous"));
  }

  /// A backend with a gap, open or closed.
  private static final class WithGap extends BackendConformance {
    private final double slope;

    WithGap(double slope) {
      this.slope = slope;
    }

    @Override
    protected Device device() {
      return ReferenceProvider.DEVICE;
    }

    @Override
    protected List<Gap> gaps() {
      return List.of(gap("wrong · gradient", "the derivative is not done"));
    }

    @Override
    List<Sample> samplesToTry() {
      return List.of(squared(slope));
    }
  }

  @Test
  void aGapIsLeftOutWithItsReason() throws Throwable {
    int aborted = 0;
    for (DynamicTest test : new WithGap(3).samples().toList()) {
      try {
        test.getExecutable().execute();
      } catch (TestAbortedException e) {
        assertEquals("wrong · gradient: the derivative is not done", e.getMessage());
        aborted++;
      }
    }
    assertEquals(1, aborted);
  }

  @Test
  void aGapThatIsClosedFails() throws Throwable {
    DynamicTest open = new WithGap(3).openGaps().toList().getFirst();
    open.getExecutable().execute();
    DynamicTest closed = new WithGap(2).openGaps().toList().getFirst();
    assertThrows(AssertionError.class, () -> closed.getExecutable().execute());
  }
}

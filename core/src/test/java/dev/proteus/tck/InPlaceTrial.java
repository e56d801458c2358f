package dev.proteus.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.ShapeException;
import dev.proteus.tensor.BackwardOptions;
import dev.proteus.tensor.Call;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// A sample that is one call with a result that fits its first operand, written into that operand:
/// the result, the gradients and what lies beside the operand are as they should be.
final class InPlaceTrial {
  private final Device device;
  private final Sample sample;
  private final Inputs inputs;
  private final Sample.Operator written;

  private InPlaceTrial(Device device, Sample sample, Inputs inputs, Sample.Operator written) {
    this.device = device;
    this.sample = sample;
    this.inputs = inputs;
    this.written = written;
  }

  /// Tries each way to write a sample's result into its first operand.
  static void run(Device device, Sample sample, DType dtype, Arrangement arrangement) {
    Inputs inputs = Inputs.of(sample, sample.cases().getFirst(), dtype, arrangement);
    for (Sample.Operator form : forms(device, sample, dtype)) {
      new InPlaceTrial(device, sample, inputs, form).run();
    }
  }

  /// Whether there is a way.
  static boolean isPossible(Sample sample, DType dtype) {
    if (sample.args().isEmpty() || sample.is(Trait.DATA_DEPENDENT) || sample.is(Trait.VIEW)) {
      return false;
    }
    try {
      return !forms(Device.META, sample, dtype).isEmpty();
    } catch (RuntimeException _) {
      return false; // the trial of its values will say why
    }
  }

  /// The form that has a name, and the call itself, if it is only one and its result fits.
  private static List<Sample.Operator> forms(Device device, Sample sample, DType dtype) {
    Inputs inputs = Inputs.of(sample, sample.cases().getFirst(), dtype, Arrangement.CONTIGUOUS);
    List<Tensor> operands = inputs.on(device);
    OperatorRecorder recorder = new OperatorRecorder();
    List<Tensor> results = Scope.with(recorder, () -> sample.call().apply(operands));
    if (!fits(results.getFirst(), operands.getFirst())) {
      return List.of();
    }
    List<Sample.Operator> forms = new ArrayList<>();
    sample.inPlace().ifPresent(forms::add);
    if (recorder.calls().size() == 1) {
      Call call = recorder.calls().getFirst();
      List<TensorSpec> specs = operands.stream().map(Tensor::spec).toList();
      if (call.inputs().equals(operands) && call.op().infer(specs).size() == 1) {
        forms.add(in -> List.of(in.getFirst().applyInPlace(call.op(), in)));
      }
    }
    return forms;
  }

  private static boolean fits(Tensor result, Tensor operand) {
    return result.shape().equals(operand.shape()) && result.dtype().canCastTo(operand.dtype());
  }

  private void run() {
    Inputs.Placed target = inputs.operands().getFirst().on(device);
    List<Tensor> operands = new ArrayList<>(inputs.on(device));
    Tensor expected = sample.call().apply(inputs.on(device)).getFirst().to(target.tensor().dtype());
    operands.set(0, target.tensor());
    if (target.tensor().layout().overlapsItself()) {
      assertThrows(ShapeException.class, () -> written.apply(operands));
      assertEquals(0, target.base().version());
      return;
    }
    Tensor base = target.base().clone();
    Tensor result = written.apply(operands).getFirst();
    assertSame(target.tensor(), result, "what the call in place returns");
    assertEquals(1, target.base().version(), "version after one call in place");
    TensorSubject.assertThat("in place", result).isNear(expected, sample.tolerance());
    Inputs.Operand first = inputs.operands().getFirst();
    first.seenFrom(base).copy_(expected);
    TensorSubject.assertThat("memory beside what was written", target.base())
        .isNear(base, sample.tolerance());
    gradients();
  }

  private void gradients() {
    if (!sample.hasGradient(inputs.operands().getFirst().dtype())) {
      return;
    }
    List<Tensor> apart = gradients(sample.call(), x -> x);
    List<Tensor> inside = gradients(written, Tensor::clone);
    for (int i = 0; i < apart.size(); i++) {
      TensorSubject.assertThat("gradient " + i + " through the call in place", inside.get(i))
          .isNear(apart.get(i), sample.tolerance().ofGradient());
    }
  }

  /// The gradients of a call's operands, the first prepared in some way.
  private List<Tensor> gradients(Sample.Operator call, UnaryOperator<Tensor> prepared) {
    List<Tensor> operands = new ArrayList<>(inputs.on(device));
    List<Tensor> leaves = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      if (sample.args().get(i).hasGradient(inputs.operands().get(i).dtype())) {
        operands.set(i, operands.get(i).detach().requiresGrad_(true));
        leaves.add(operands.get(i));
      }
    }
    operands.set(0, prepared.apply(operands.getFirst()));
    Tensor result = call.apply(operands).getFirst();
    assertTrue(result.requiresGrad(), "the result requires no grad");
    return Tensor.grad(
        List.of(result.sum()),
        leaves,
        List.of(),
        BackwardOptions.DEFAULT.withUnused(BackwardOptions.Unused.ZEROS));
  }
}

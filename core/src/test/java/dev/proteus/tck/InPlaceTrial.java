package dev.proteus.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.tensor.BackwardOptions;
import dev.proteus.tensor.Call;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Device;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// A sample written into its first operand: result, gradients and what lies beside the operand are
/// as they should be. A result that does not fit is refused, and the operand is as it was.
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
  static void run(Device device, Sample sample, Inputs inputs) {
    for (Sample.Operator form : forms(device, sample, inputs)) {
      new InPlaceTrial(device, sample, inputs, form).run();
    }
  }

  /// Whether there is a way.
  static boolean isPossible(Sample sample, Inputs inputs) {
    if (sample.args().isEmpty() || sample.is(Trait.DATA_DEPENDENT) || sample.is(Trait.VIEW)) {
      return false;
    }
    try {
      return !forms(Device.META, sample, inputs).isEmpty();
    } catch (RuntimeException _) {
      return false; // the trial of its values will say why
    }
  }

  /// The form that has a name, and the call itself, if it is the only one.
  private static List<Sample.Operator> forms(Device device, Sample sample, Inputs inputs) {
    List<Sample.Operator> forms = new ArrayList<>();
    sample.inPlace().ifPresent(forms::add);
    OperatorRecorder recorder = new OperatorRecorder();
    List<Tensor> operands = inputs.dense().on(device);
    Scope.with(recorder, () -> sample.call().apply(operands));
    if (recorder.calls().size() == 1) {
      Call call = recorder.calls().getFirst();
      List<TensorSpec> specs = operands.stream().map(Tensor::spec).toList();
      if (call.inputs().equals(operands) && call.op().infer(specs).size() == 1) {
        forms.add(in -> List.of(in.getFirst().applyInPlace(call.op(), in)));
      }
    }
    return forms;
  }

  private void run() {
    Inputs.Placed target = inputs.operands().getFirst().on(device);
    List<Tensor> operands = new ArrayList<>(inputs.on(device));
    Tensor result = sample.call().apply(operands).getFirst();
    operands.set(0, target.tensor());
    boolean fitsShape = result.shape().equals(target.tensor().shape());
    boolean fitsType = result.dtype().canCastTo(target.tensor().dtype());
    if (!fitsShape || target.tensor().layout().overlapsItself()) {
      refused(ShapeException.class, operands, target.base());
    } else if (!fitsType) {
      refused(DTypeException.class, operands, target.base());
    } else {
      accepted(operands, target, result.to(target.tensor().dtype()));
      gradients();
    }
  }

  private void refused(
      Class<? extends RuntimeException> error, List<Tensor> operands, Tensor base) {
    Tensor before = base.clone();
    assertThrows(error, () -> written.apply(operands));
    assertEquals(0, base.version(), "version after a call that was refused");
    TensorSubject.assertThat("operand of a call that was refused", base).isIdenticalTo(before);
  }

  private void accepted(List<Tensor> operands, Inputs.Placed target, Tensor expected) {
    Tensor base = target.base().clone();
    Tensor result = written.apply(operands).getFirst();
    assertSame(target.tensor(), result, "what the call in place returns");
    assertEquals(1, target.base().version(), "version after one call in place");
    TensorSubject.assertThat("in place", result).isNear(expected, sample.tolerance());
    inputs.operands().getFirst().seenFrom(base).copy_(expected);
    TensorSubject.assertThat("memory beside what was written", target.base())
        .isNear(base, sample.tolerance());
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

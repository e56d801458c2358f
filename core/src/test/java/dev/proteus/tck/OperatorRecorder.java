package dev.proteus.tck;

import dev.proteus.tensor.Call;
import dev.proteus.tensor.Interpreter;
import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Sees which operators run, as they are called; what is inside their definitions does not show.
final class OperatorRecorder implements Interpreter {
  private final List<Call> calls = new ArrayList<>();
  private final List<Call> differentiated = new ArrayList<>();

  @Override
  public List<Tensor> interpret(Call call) {
    calls.add(call);
    if (call.inputs().stream().anyMatch(Tensor::requiresGrad)) {
      differentiated.add(call);
    }
    return call.proceed();
  }

  /// All calls, in order.
  List<Call> calls() {
    return calls;
  }

  /// Those with an operand that requires grad.
  List<Call> differentiated() {
    return differentiated;
  }
}

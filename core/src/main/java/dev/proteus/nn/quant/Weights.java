package dev.proteus.nn.quant;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.op.Linear;
import dev.proteus.tensor.KindCall;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/// What the kinds of weights share.
final class Weights {
  private Weights() {}

  /// @throws DTypeException or ShapeException if this is no weight of a linear layer
  static void check(String operator, TensorSpec w) {
    if (!w.dtype().isFloating()) {
      throw new DTypeException(
          "%s: the weight is %s; only floating types are quantized".formatted(operator, w.dtype()));
    }
    if (w.rank() != 2 || w.shape().size(1) == 0) {
      throw new ShapeException(
          "%s: the weight is %s; it must be [out, in] and in not 0".formatted(operator, w.shape()));
    }
  }

  /// @throws IllegalArgumentException if scales or minima say that the weight cannot be quantized
  static void checkFinite(String operator, Tensor range) {
    if (!range.device().isMeta() && !range.isfinite().all().itemBoolean()) {
      throw new IllegalArgumentException(
          operator
              + ": the weight has elements that are infinite, NaN or too large for the scale in "
              + range.dtype()
              + "; look for them with isfinite()");
    }
  }

  /// A linear layer of which some operand is of a kind: as `applied` says if that is the weight,
  /// else with plain operands.
  static <P> Tensor linear(
      KindCall<Linear, P> call,
      Function<P, Tensor> dequantized,
      BiFunction<P, List<Tensor>, Tensor> applied) {
    List<Tensor> inputs = new ArrayList<>(call.inputs());
    inputs.set(0, call.kind().unwrap(call.input(0)).map(dequantized).orElse(call.input(0)));
    return call.kind()
        .unwrap(call.input(1))
        .map(weight -> applied.apply(weight, inputs))
        .orElseGet(() -> inputs.get(0).call(call.op(), inputs));
  }
}

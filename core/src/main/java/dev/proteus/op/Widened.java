package dev.proteus.op;

import dev.proteus.type.DType;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/// Composites of halves, computed in float32 and rounded once at the end (rule DT-24).
final class Widened {
  private Widened() {}

  static <T extends TensorOps<T>> boolean applies(List<T> inputs) {
    return inputs.getFirst().spec().dtype().isHalf();
  }

  /// The results of `op` on operands that are float32 where they were halves.
  static <T extends TensorOps<T>> List<T> apply(Composite op, List<T> inputs) {
    List<T> wide = new ArrayList<>(inputs.size());
    for (T input : inputs) {
      wide.add(input.spec().dtype().isHalf() ? input.to(DType.FLOAT32) : input);
    }
    List<TensorSpec> specs = op.infer(inputs.stream().map(Value::spec).toList());
    List<T> results = inputs.getFirst().apply(op, wide);
    List<T> rounded = new ArrayList<>(specs.size());
    for (int i = 0; i < specs.size(); i++) {
      rounded.add(results.get(i).to(specs.get(i).dtype()));
    }
    return rounded;
  }
}

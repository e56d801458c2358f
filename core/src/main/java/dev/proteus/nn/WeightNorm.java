package dev.proteus.nn;

import dev.proteus.op.Keep;
import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/// Length and direction of a weight, for each index of its first axis.
final class WeightNorm extends Parametrization {
  @Override
  protected Tensor compute(List<Tensor> originals) {
    Tensor direction = originals.get(1);
    return direction.mul(originals.get(0).div(lengths(direction)));
  }

  @Override
  protected List<Tensor> originals(Tensor value) {
    return List.of(lengths(value), value.clone());
  }

  private static Tensor lengths(Tensor value) {
    return value.norm(2, Keep.AXES, IntStream.range(1, value.rank()).toArray());
  }
}

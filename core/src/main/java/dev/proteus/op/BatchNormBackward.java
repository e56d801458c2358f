package dev.proteus.op;

import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// The gradients of [BatchNorm].
///
/// Operands: the gradients g `[N, C, *]`, gMean `[C]` and gVar `[C]` of its results, x `[N, C, *]`,
/// the batch's mean and variance `[C]`, and optionally weight `[C]`; those of the statistics in x's
/// accumulation type. Results: the gradient for x and, where there is a weight, those for weight
/// and bias `[C]`.
///
/// @param eps what is added to the variance
public record BatchNormBackward(double eps) implements Composite {
  @Override
  public String name() {
    return "batchNormBackward";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec x = inputs.get(3);
    Operands.floating(name(), List.of(x));
    Operands.is(name(), "g", inputs.get(0), x);
    for (int i : new int[] {1, 2, 4, 5}) {
      Operands.is(name(), "operand " + i, inputs.get(i), BatchNorm.statistic(x));
    }
    if (inputs.size() < 7) {
      return List.of(x);
    }
    TensorSpec each = x.withShape(Shape.of(x.shape().size(1)));
    Operands.is(name(), "weight", inputs.get(6), each);
    return List.of(x, each, each);
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    T g = inputs.get(0);
    T x = inputs.get(3);
    Shape shape = x.spec().shape();
    int[] others = BatchNorm.others(shape);
    double share = BatchNorm.share(shape);
    T centred = x.sub(channel(inputs, 4));
    T scale = channel(inputs, 5).add(eps).rsqrt();
    T sum = g.sum(Keep.AXES, others);
    T along = Folding.sumOfProducts(g, centred, others);
    T gain = inputs.size() > 6 ? scale.mul(channel(inputs, 6)) : scale;
    T slope = channel(inputs, 2).mul(2).sub(along.mul(gain).mul(scale).mul(scale)).mul(share);
    T offset = channel(inputs, 1).sub(sum.mul(gain)).mul(share);
    T gx = g.mul(gain).add(centred.mul(slope)).add(offset);
    return inputs.size() < 7 ? List.of(gx) : List.of(gx, along.mul(scale).flatten(), sum.flatten());
  }

  private static <T extends TensorOps<T>> T channel(List<T> inputs, int i) {
    return BatchNorm.channels(inputs.get(i), inputs.get(3).spec().shape());
  }
}

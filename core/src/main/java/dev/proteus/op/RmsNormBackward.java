package dev.proteus.op;

import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// The gradients of [RmsNorm].
///
/// Operands: the gradient g `[*, S]`, x `[*, S]` and optionally weight `[S]`. Results: the gradient
/// for x and, where there is a weight, that for it.
///
/// @param axes number of last axes that make a row
/// @param eps what is added to the mean square
public record RmsNormBackward(int axes, double eps) implements Composite {
  @Override
  public String name() {
    return "rmsNormBackward";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Operands.floating(name(), inputs);
    TensorSpec x = inputs.get(1);
    Operands.shape(name(), "g", inputs.get(0).shape(), x.shape());
    if (inputs.size() < 3) {
      return List.of(x);
    }
    Shape row = x.shape().slice(x.rank() - axes, x.rank());
    Operands.shape(name(), "weight", inputs.get(2).shape(), row);
    return List.of(x, x.withShape(row));
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    T g = inputs.get(0);
    T x = inputs.get(1);
    T scale = RmsNorm.scale(x, axes, eps);
    T y = x.mul(scale);
    T gy = inputs.size() > 2 ? g.mul(inputs.get(2)) : g;
    double share = LayerNorm.share(x.spec().shape(), axes);
    T along = Folding.sumOfProducts(gy, y, Folding.last(axes)).mul(share);
    T gx = gy.sub(y.mul(along)).mul(scale);
    return inputs.size() < 3
        ? List.of(gx)
        : List.of(gx, g.mul(y).sumTo(inputs.get(2).spec().shape()));
  }
}

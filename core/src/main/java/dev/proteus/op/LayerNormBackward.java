package dev.proteus.op;

import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// The gradients of [LayerNorm].
///
/// Operands: the gradient g `[*, S]`, x `[*, S]` and optionally weight `[S]`. Results: the gradient
/// for x and, where there is a weight, those for weight and bias `[S]`.
///
/// @param axes number of last axes that make a row
/// @param eps what is added to the variance
public record LayerNormBackward(int axes, double eps) implements Composite {
  @Override
  public String name() {
    return "layerNormBackward";
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
    return List.of(x, x.withShape(row), x.withShape(row));
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    T g = inputs.get(0);
    T x = inputs.get(1);
    int[] row = Folding.last(axes);
    double share = LayerNorm.share(x.spec().shape(), axes);
    T centred = x.sub(x.mean(Keep.AXES, row));
    T scale = Folding.sumOfProducts(centred, centred, row).mul(share).add(eps).rsqrt();
    T y = centred.mul(scale);
    T gy = inputs.size() > 2 ? g.mul(inputs.get(2)) : g;
    T along = Folding.sumOfProducts(gy, y, row).mul(share);
    T gx = gy.sub(gy.mean(Keep.AXES, row)).sub(y.mul(along)).mul(scale);
    if (inputs.size() < 3) {
      return List.of(gx);
    }
    Shape weight = inputs.get(2).spec().shape();
    return List.of(gx, g.mul(y).sumTo(weight), g.sumTo(weight));
  }
}

package dev.proteus.op;

import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows brought to mean 0 and variance 1, then scaled: `(x − mean) / √(var + eps) · weight + bias`
/// over the last axes.
///
/// Operands: x `[*, S]`, optionally weight `[S]`, optionally bias `[S]`, of one floating type. The
/// variance is that of the population (Ba, Kiros, Hinton, "Layer normalization", 2016).
///
/// @param axes number of last axes that make a row
/// @param eps what is added to the variance
public record LayerNorm(int axes, double eps) implements Composite, Differentiable {
  @Override
  public String name() {
    return "layerNorm";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    checkRows(name(), axes, inputs);
    return List.of(inputs.getFirst());
  }

  /// The first operand has the axes; all others are as large as a row.
  static void checkRows(String operator, int axes, List<TensorSpec> inputs) {
    Operands.floating(operator, inputs);
    Shape x = inputs.getFirst().shape();
    if (axes < 1) {
      throw new IllegalArgumentException(
          "%s: a row over %s axes; it must have at least 1".formatted(operator, axes));
    }
    Operands.atLeast(operator, "x", x, axes);
    Shape row = x.slice(x.rank() - axes, x.rank());
    for (int i = 1; i < inputs.size(); i++) {
      Operands.shape(operator, i == 1 ? "weight" : "bias", inputs.get(i).shape(), row);
    }
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    T x = inputs.getFirst();
    T result = normalized(x, axes, eps);
    result = inputs.size() > 1 ? result.mul(inputs.get(1)) : result;
    return List.of(inputs.size() > 2 ? result.add(inputs.get(2)) : result);
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.inputs(0, 1);
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T grad = g.grad();
    LayerNormBackward backward = new LayerNormBackward(axes, eps);
    if (g.inputs() == 1) {
      return Collections.singletonList(grad.call(backward, List.of(grad, g.input(0))));
    }
    List<T> grads = grad.apply(backward, List.of(grad, g.input(0), g.input(1)));
    return Collections.unmodifiableList(grads.subList(0, g.inputs()));
  }

  /// `(x − mean) / √(var + eps)` of each row.
  static <T extends TensorOps<T>> T normalized(T x, int axes, double eps) {
    int[] row = Folding.last(axes);
    double share = share(x.spec().shape(), axes);
    T centred = x.sub(x.mean(Keep.AXES, row));
    T variance = Folding.sumOfProducts(centred, centred, row).mul(share);
    return centred.mul(variance.add(eps).rsqrt());
  }

  /// What one element of a row contributes to its mean.
  static double share(Shape x, int axes) {
    return 1.0 / x.slice(x.rank() - axes, x.rank()).numel();
  }
}

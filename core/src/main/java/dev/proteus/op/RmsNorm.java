package dev.proteus.op;

import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows brought to a mean square of 1, then scaled: `x / √(mean(x²) + eps) · weight` over the last
/// axes.
///
/// Operands: x `[*, S]` and optionally weight `[S]`, of one floating type (Zhang, Sennrich, "Root
/// mean square layer normalization", 2019).
///
/// @param axes number of last axes that make a row
/// @param eps what is added to the mean square
public record RmsNorm(int axes, double eps) implements Composite, Differentiable {
  @Override
  public String name() {
    return "rmsNorm";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    LayerNorm.checkRows(name(), axes, inputs);
    return List.of(inputs.getFirst());
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    T x = inputs.getFirst();
    T result = x.mul(scale(x, axes, eps));
    return List.of(inputs.size() > 1 ? result.mul(inputs.get(1)) : result);
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.INPUTS;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T grad = g.grad();
    List<T> operands = new ArrayList<>(List.of(grad));
    for (int i = 0; i < g.inputs(); i++) {
      operands.add(g.input(i));
    }
    return Collections.unmodifiableList(grad.apply(new RmsNormBackward(axes, eps), operands));
  }

  /// `1 / √(mean(x²) + eps)` of each row.
  static <T extends TensorOps<T>> T scale(T x, int axes, double eps) {
    double share = LayerNorm.share(x.spec().shape(), axes);
    return Folding.sumOfProducts(x, x, Folding.last(axes)).mul(share).add(eps).rsqrt();
  }
}

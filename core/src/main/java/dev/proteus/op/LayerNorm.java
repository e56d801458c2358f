package dev.proteus.op;

import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
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
    Operands.atLeast(operator, "x", x, Math.max(1, axes));
    Shape row = x.slice(x.rank() - axes, x.rank());
    for (int i = 1; i < inputs.size(); i++) {
      Operands.shape(operator, i == 1 ? "weight" : "bias", inputs.get(i).shape(), row);
    }
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    throw new UnsupportedOperationException(name());
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.inputs(0, 1);
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    return Arrays.asList(null, null);
  }
}

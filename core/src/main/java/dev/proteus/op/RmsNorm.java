package dev.proteus.op;

import dev.proteus.type.TensorSpec;
import java.util.Arrays;
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
    throw new UnsupportedOperationException(name());
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.INPUTS;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    return Arrays.asList(null, null);
  }
}

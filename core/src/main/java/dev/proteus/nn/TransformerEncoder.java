package dev.proteus.nn;

import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Transformer layers one after the other, and perhaps a normalisation at the end.
public final class TransformerEncoder extends Layer {
  private final ModuleList<TransformerEncoderLayer> layers;
  private final @Nullable Layer norm;

  public TransformerEncoder(List<TransformerEncoderLayer> layers) {
    this(layers, Optional.empty());
  }

  public TransformerEncoder(List<TransformerEncoderLayer> layers, Optional<? extends Layer> norm) {
    this.layers = module("layers", new ModuleList<>(layers));
    this.norm = norm.isPresent() ? module("norm", norm.get()) : null;
  }

  @Override
  protected Tensor compute(Tensor input) {
    Tensor x = input;
    for (TransformerEncoderLayer layer : layers) {
      x = layer.forward(x);
    }
    return normed(x);
  }

  /// The output for `input`, every layer under this mask.
  public Tensor forward(Tensor input, Tensor mask) {
    return hooked(
        List.of(input, mask),
        in -> {
          Tensor x = in.get(0);
          for (TransformerEncoderLayer layer : layers) {
            x = layer.forward(x, in.get(1));
          }
          return normed(x);
        });
  }

  private Tensor normed(Tensor x) {
    return norm == null ? x : norm.forward(x);
  }
}

package dev.proteus.nn;

import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.Optional;

/// Self attention and two linear layers, each with a way around it and a normalisation: `[N, L, E]`
/// stays `[N, L, E]` (Vaswani and others, "Attention is all you need", 2017). The batch comes
/// first, and may be missing; masks are as in [MultiheadAttention].
public final class TransformerEncoderLayer extends Layer {
  private final TransformerOptions options;
  private final MultiheadAttention attention;
  private final Linear linear1;
  private final Dropout dropout;
  private final Linear linear2;
  private final LayerNorm norm1;
  private final LayerNorm norm2;
  private final Dropout dropout1;
  private final Dropout dropout2;

  public TransformerEncoderLayer(long size, int heads) {
    this(size, heads, TransformerOptions.DEFAULT);
  }

  public TransformerEncoderLayer(long size, int heads, TransformerOptions options) {
    this.options = options;
    double p = options.dropout();
    attention = module("self_attn", new MultiheadAttention(size, heads, p, Bias.LEARNED));
    linear1 = module("linear1", new Linear(size, options.hidden()));
    dropout = module("dropout", new Dropout(p));
    linear2 = module("linear2", new Linear(options.hidden(), size));
    norm1 = module("norm1", norm(size));
    norm2 = module("norm2", norm(size));
    dropout1 = module("dropout1", new Dropout(p));
    dropout2 = module("dropout2", new Dropout(p));
  }

  private LayerNorm norm(long size) {
    return new LayerNorm(Shape.of(size), options.eps(), Affine.LEARNED, Bias.LEARNED);
  }

  @Override
  protected Tensor compute(Tensor input) {
    return encode(input, Optional.empty());
  }

  /// The output for `input` under a mask.
  public Tensor forward(Tensor input, Tensor mask) {
    return hooked(List.of(input, mask), in -> encode(in.get(0), Optional.of(in.get(1))));
  }

  private Tensor encode(Tensor x, Optional<Tensor> mask) {
    return switch (options.order()) {
      case POST -> {
        Tensor attended = norm1.forward(x.add(attended(x, mask)));
        yield norm2.forward(attended.add(transformed(attended)));
      }
      case PRE -> {
        Tensor attended = x.add(attended(norm1.forward(x), mask));
        yield attended.add(transformed(norm2.forward(attended)));
      }
    };
  }

  private Tensor attended(Tensor x, Optional<Tensor> mask) {
    Tensor seen = mask.map(m -> attention.forward(x, m)).orElseGet(() -> attention.forward(x));
    return dropout1.forward(seen);
  }

  private Tensor transformed(Tensor x) {
    Tensor hidden = options.activation().apply(linear1.forward(x));
    return dropout2.forward(linear2.forward(dropout.forward(hidden)));
  }
}

package dev.proteus.nn;

import dev.proteus.op.Attention;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Attention in several heads at once: queries `[N, L, E]`, keys and values `[N, S, E]` become `[N,
/// L, E]` (Vaswani and others, "Attention is all you need", 2017). The batch comes first, and may
/// be missing.
///
/// A mask is bool, true where a key is seen, or of the inputs' type and added; it expands to `[N,
/// heads, L, S]`. Parameters: `in_proj_weight` `[3E, E]` of queries, keys and values, uniform by
/// Xavier at first, `in_proj_bias` `[3E]`, zeros, and the layer `out_proj`.
public final class MultiheadAttention extends Layer {
  private final long heads;
  private final long size;
  private final double dropout;
  private final Parameter inputWeight;
  private final @Nullable Parameter inputBias;
  private final Linear output;

  /// Values and what they were weighted by.
  ///
  /// @param output `[N, L, E]`
  /// @param weights `[N, heads, L, S]`, rows sum to 1
  public record Weighted(Tensor output, Tensor weights) {}

  public MultiheadAttention(long size, int heads) {
    this(size, heads, 0, Bias.LEARNED);
  }

  /// @param dropout probability of dropping a weight in training
  /// @throws IllegalArgumentException unless the size is a multiple of the heads
  public MultiheadAttention(long size, int heads, double dropout, Bias bias) {
    Weights.perGroup("MultiheadAttention", size, heads);
    this.heads = heads;
    this.size = size;
    this.dropout = Dropping.checked(dropout);
    boolean moves = bias == Bias.LEARNED;
    inputWeight =
        parameter(
            "in_proj_weight",
            () -> Init.xavierUniform_(Weights.empty(Shape.of(3 * size, size)), Gain.LINEAR));
    inputBias = moves ? parameter("in_proj_bias", () -> Weights.zeros(Shape.of(3 * size))) : null;
    output = module("out_proj", new Linear(size, size, bias));
    output.bias().ifPresent(moved -> initialise(moved, Init::zeros_));
  }

  /// Self attention without a mask.
  @Override
  protected Tensor compute(Tensor input) {
    return attend(input, Optional.empty(), Attention.Causality.FULL);
  }

  /// Self attention under a mask.
  public Tensor forward(Tensor input, Tensor mask) {
    return hooked(
        List.of(input, mask),
        in -> attend(in.get(0), Optional.of(in.get(1)), Attention.Causality.FULL));
  }

  /// Self attention in which a query sees the keys that `causality` lets it.
  public Tensor forward(Tensor input, Attention.Causality causality) {
    return hooked(List.of(input), in -> attend(in.getFirst(), Optional.empty(), causality));
  }

  /// Attention of queries to the keys and values of others.
  public Tensor forward(Tensor query, Tensor key, Tensor value) {
    return hooked(List.of(query, key, value), in -> attend(in, Optional.empty()));
  }

  /// Attention of queries to the keys and values of others, under a mask.
  public Tensor forward(Tensor query, Tensor key, Tensor value, Tensor mask) {
    return hooked(
        List.of(query, key, value, mask), in -> attend(in.subList(0, 3), Optional.of(in.get(3))));
  }

  /// As [#forward(Tensor, Tensor, Tensor)], with the weights; slower, for it has to keep them.
  public Weighted forwardWithWeights(
      Tensor query, Tensor key, Tensor value, Optional<Tensor> mask) {
    Tensor weights = weights(split(projected(query, 0)), split(projected(key, 1)), mask);
    Tensor seen = dropped(weights).matmul(split(projected(value, 2)));
    return new Weighted(output.forward(merged(seen)), weights);
  }

  /// One product makes queries, keys and values of a self attention.
  private Tensor attend(Tensor input, Optional<Tensor> mask, Attention.Causality causality) {
    Tensor joint =
        inputBias == null ? input.linear(inputWeight) : input.linear(inputWeight, inputBias);
    List<Tensor> parts = joint.chunk(3, -1);
    return attended(split(parts.get(0)), split(parts.get(1)), split(parts.get(2)), mask, causality);
  }

  private Tensor attend(List<Tensor> inputs, Optional<Tensor> mask) {
    return attended(
        split(projected(inputs.get(0), 0)),
        split(projected(inputs.get(1), 1)),
        split(projected(inputs.get(2), 2)),
        mask,
        Attention.Causality.FULL);
  }

  private Tensor projected(Tensor input, int part) {
    Tensor weight = inputWeight.narrow(0, part * size, size);
    return inputBias == null
        ? input.linear(weight)
        : input.linear(weight, inputBias.narrow(0, part * size, size));
  }

  private Tensor attended(
      Tensor q, Tensor k, Tensor v, Optional<Tensor> mask, Attention.Causality causality) {
    Tensor seen;
    if (isTraining() && dropout > 0) {
      Optional<Tensor> all = causality == Attention.Causality.FULL ? mask : causal(q, k);
      seen = dropped(weights(q, k, all)).matmul(v);
    } else {
      Attention attention = new Attention(scale(q), causality);
      seen =
          mask.map(m -> q.scaledDotProductAttention(k, v, m, attention))
              .orElseGet(() -> q.scaledDotProductAttention(k, v, attention));
    }
    return output.forward(merged(seen));
  }

  private static Optional<Tensor> causal(Tensor q, Tensor k) {
    Shape scores = Shape.of(q.size(-2), k.size(-2));
    return Optional.of(q.ones(q.spec().withShape(scores).withDType(DType.BOOL)).tril(0));
  }

  private static double scale(Tensor q) {
    return 1 / Math.sqrt((double) q.size(-1));
  }

  private static Tensor weights(Tensor q, Tensor k, Optional<Tensor> mask) {
    Tensor scores = q.mul(scale(q)).matmul(k.transpose(-2, -1));
    return mask.map(m -> masked(scores, m)).orElseGet(() -> scores.softmax(-1));
  }

  /// A row that sees no key has weights of zero, as in the operator. Finite numbers instead of
  /// infinities keep its gradient free of NaN.
  private static Tensor masked(Tensor scores, Tensor mask) {
    if (mask.dtype() != DType.BOOL) {
      return scores.add(mask).softmax(-1);
    }
    Tensor unseen = mask.logicalNot();
    double lowest = scores.dtype() == DType.FLOAT16 ? -6e4 : -1e30;
    return scores.maskedFill(unseen, lowest).softmax(-1).maskedFill(unseen, 0);
  }

  private Tensor dropped(Tensor weights) {
    return Dropping.run(this, weights, dropout, weights.numel(), weights::dropout);
  }

  /// `[*, L, E]` as `[*, heads, L, E/heads]`.
  private Tensor split(Tensor joint) {
    return joint.unflatten(-1, heads, -1).transpose(-3, -2);
  }

  private static Tensor merged(Tensor heads) {
    return heads.transpose(-3, -2).flatten(-2, -1);
  }

  @Override
  protected String details() {
    return "%s in %s heads".formatted(size, heads);
  }
}

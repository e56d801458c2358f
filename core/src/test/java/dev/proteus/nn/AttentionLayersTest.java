package dev.proteus.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.op.Attention;
import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Multi-head attention and the transformer layers, against their formulas.
class AttentionLayersTest {
  private static final double CLOSE = 1e-5;

  private static void same(Tensor expected, Tensor actual) {
    assertEquals(expected.shape(), actual.shape());
    assertArrayEquals(expected.toDoubleArray(), actual.toDoubleArray(), CLOSE);
  }

  private static Tensor random(long... sizes) {
    return Scope.withGenerator(new Generator(sizes.length), () -> Tensor.randn(sizes));
  }

  /// One head after the other, from the parameters.
  private static Tensor byHand(MultiheadAttention layer, Tensor q, Tensor k, Tensor v) {
    List<Tensor> weights = layer.parameter("in_proj_weight").chunk(3, 0);
    List<Tensor> biases = layer.parameter("in_proj_bias").chunk(3, 0);
    Tensor query = q.matmul(weights.get(0).t()).add(biases.get(0));
    Tensor key = k.matmul(weights.get(1).t()).add(biases.get(1));
    Tensor value = v.matmul(weights.get(2).t()).add(biases.get(2));
    Tensor first = head(query, key, value, 0);
    Tensor second = head(query, key, value, 3);
    Tensor joint = Tensor.cat(List.of(first, second), -1);
    return joint
        .matmul(layer.parameter("out_proj.weight").t())
        .add(layer.parameter("out_proj.bias"));
  }

  private static Tensor head(Tensor q, Tensor k, Tensor v, long from) {
    Tensor scores = q.narrow(-1, from, 3).matmul(k.narrow(-1, from, 3).transpose(-2, -1));
    return scores.div(Math.sqrt(3)).softmax(-1).matmul(v.narrow(-1, from, 3));
  }

  @Test
  void headsAttendSideBySide() {
    MultiheadAttention layer = new MultiheadAttention(6, 2);
    Init.normal_(layer.parameter("in_proj_bias"), 0, 1);
    Tensor x = random(2, 4, 6);
    Tensor other = random(2, 5, 6);
    same(byHand(layer, x, x, x), layer.forward(x));
    same(byHand(layer, x, other, other), layer.forward(x, other, other));
    same(layer.forward(x).select(0, 1), layer.forward(x.select(0, 1)));
    MultiheadAttention.Weighted weighted =
        layer.forwardWithWeights(x, other, other, Optional.empty());
    same(layer.forward(x, other, other), weighted.output());
    assertEquals(Shape.of(2, 2, 4, 5), weighted.weights().shape());
    same(Tensor.ones(2, 2, 4), weighted.weights().sum(-1));
  }

  @Test
  void masksSayWhatIsSeen() {
    MultiheadAttention layer = new MultiheadAttention(6, 2);
    Tensor x = random(1, 3, 6);
    Tensor causal = Tensor.ones(3, 3).tril(0).ne(0);
    Tensor added = Tensor.zeros(3, 3).maskedFill(causal.logicalNot(), Double.NEGATIVE_INFINITY);
    Tensor seen = layer.forward(x, causal);
    same(seen, layer.forward(x, Attention.Causality.CAUSAL));
    same(seen, layer.forward(x, added));
    same(seen, layer.forwardWithWeights(x, x, x, Optional.of(causal)).output());
    same(seen.narrow(1, 0, 1), layer.forward(x.narrow(1, 0, 1)));
  }

  @Test
  void aRowThatSeesNothingGivesZerosAndFiniteGradients() {
    MultiheadAttention layer = new MultiheadAttention(6, 2, 0.5, Bias.NONE);
    Tensor x = random(1, 3, 6).requiresGrad_(true);
    Tensor nothing = Tensor.zeros(Shape.of(3, 3), DType.BOOL);
    layer.forward(x, nothing).sum().backward();
    Tensor grad = x.grad().orElseThrow();
    assertEquals(0, grad.abs().sum().item());
    layer.eval();
    assertEquals(0, layer.forward(x, nothing).abs().sum().item());
  }

  @Test
  void droppedWeightsAreReproducible() {
    MultiheadAttention layer = new MultiheadAttention(6, 2, 0.5, Bias.LEARNED);
    Tensor x = random(2, 4, 6);
    Tensor one = Scope.withGenerator(new Generator(1), () -> layer.forward(x));
    Tensor two = Scope.withGenerator(new Generator(1), () -> layer.forward(x));
    same(one, two);
    assertFalse(java.util.Arrays.equals(one.toDoubleArray(), layer.forward(x).toDoubleArray()));
    layer.eval();
    same(byHand(layer, x, x, x), layer.forward(x));
  }

  @Test
  void encoderLayersNormaliseFirstOrLast() {
    TransformerOptions options =
        TransformerOptions.DEFAULT.withHidden(5).withDropout(0).withActivation(Tensor::gelu);
    TransformerEncoderLayer post = new TransformerEncoderLayer(6, 2, options);
    TransformerEncoderLayer pre =
        new TransformerEncoderLayer(6, 2, options.withOrder(TransformerOptions.Order.PRE));
    pre.load(post.stateDict());
    MultiheadAttention attention = (MultiheadAttention) post.module("self_attn");
    Tensor x = random(2, 4, 6);
    Tensor first = x.add(attention.forward(x)).layerNorm(1, 1e-5);
    same(first.add(hidden(post, first)).layerNorm(1, 1e-5), post.forward(x));
    Tensor second = x.add(attention.forward(x.layerNorm(1, 1e-5)));
    same(second.add(hidden(post, second.layerNorm(1, 1e-5))), pre.forward(x));
    Tensor all = Tensor.ones(4, 4).ne(0);
    same(post.forward(x), post.forward(x, all));
  }

  private static Tensor hidden(Module layer, Tensor x) {
    Linear one = (Linear) layer.module("linear1");
    Linear two = (Linear) layer.module("linear2");
    return two.forward(one.forward(x).gelu());
  }

  @Test
  void encodersChainLayersAndNormaliseAtTheEnd() {
    TransformerOptions options = TransformerOptions.DEFAULT.withHidden(5).withDropout(0);
    List<TransformerEncoderLayer> layers =
        List.of(
            new TransformerEncoderLayer(6, 2, options), new TransformerEncoderLayer(6, 2, options));
    TransformerEncoder plain = new TransformerEncoder(layers);
    TransformerEncoder normed = new TransformerEncoder(layers, Optional.of(new LayerNorm(6)));
    Tensor x = random(2, 4, 6);
    Tensor chained = layers.get(1).forward(layers.get(0).forward(x));
    same(chained, plain.forward(x));
    same(chained.layerNorm(1, 1e-5), normed.forward(x));
    Tensor all = Tensor.ones(4, 4).ne(0);
    same(chained, plain.forward(x, all));
    assertTrue(normed.namedParameters().containsKey("layers.1.self_attn.in_proj_weight"));
    assertTrue(normed.namedParameters().containsKey("norm.weight"));
  }
}

package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.IntFunction;

/// Operators of neural networks.
///
/// @param <T> what operators are applied to
public interface NnOps<T extends TensorOps<T>> extends Value<T> {
  /// `x·wᵀ` for this `[*, in]` and a weight `[out, in]`: see [Linear].
  default T linear(T weight) {
    return call(new Linear(), List.of(self(), weight));
  }

  /// `x·wᵀ + bias` for this `[*, in]`, a weight `[out, in]` and a bias `[out]`: see [Linear].
  default T linear(T weight, T bias) {
    return call(new Linear(), List.of(self(), weight, bias));
  }

  /// `(x·valuesᵀ)·scale` for this `[*, in]` and a weight in int8: see [Int8Linear].
  default T int8Linear(T values, T scale) {
    return call(new Int8Linear(), List.of(self(), values, scale));
  }

  /// `(x·valuesᵀ)·scale + bias` for this `[*, in]` and a weight in int8: see [Int8Linear].
  default T int8Linear(T values, T scale, T bias) {
    return call(new Int8Linear(), List.of(self(), values, scale, bias));
  }

  /// `x·wᵀ` for this `[*, in]` and a weight in 4 bits: see [Int4Linear].
  default T int4Linear(T values, T scale, T minimum) {
    return call(new Int4Linear(), List.of(self(), values, scale, minimum));
  }

  /// `x·wᵀ + bias` for this `[*, in]` and a weight in 4 bits: see [Int4Linear].
  default T int4Linear(T values, T scale, T minimum, T bias) {
    return call(new Int4Linear(), List.of(self(), values, scale, minimum, bias));
  }

  /// Shares that sum to 1 along an axis: see [Softmax].
  default T softmax(int axis) {
    return along(axis, "softmax", Softmax::new);
  }

  /// [#softmax(int)] of this negated.
  default T softmin(int axis) {
    return self().neg().softmax(axis);
  }

  /// The logarithm of [#softmax(int)], without overflow: see [LogSoftmax].
  default T logSoftmax(int axis) {
    return along(axis, "logSoftmax", LogSoftmax::new);
  }

  private T along(int axis, String operator, IntFunction<Op> op) {
    Shape shape = spec().shape();
    T x = shape.rank() == 0 ? self().reshape(1) : self();
    return x.call(op.apply(shape.axis(axis, operator)), List.of(x)).reshape(shape);
  }

  /// Rows over the last `axes` axes brought to mean 0 and variance 1: see [LayerNorm].
  default T layerNorm(int axes, double eps) {
    return call(new LayerNorm(axes, eps), List.of(self()));
  }

  /// Rows as large as the weight brought to mean 0 and variance 1, then scaled: see [LayerNorm].
  default T layerNorm(T weight, double eps) {
    return call(new LayerNorm(weight.spec().rank(), eps), List.of(self(), weight));
  }

  /// Rows as large as the weight brought to mean 0 and variance 1, then scaled and moved: see
  /// [LayerNorm].
  default T layerNorm(T weight, T bias, double eps) {
    return call(new LayerNorm(weight.spec().rank(), eps), List.of(self(), weight, bias));
  }

  /// Rows over the last `axes` axes brought to a mean square of 1: see [RmsNorm].
  default T rmsNorm(int axes, double eps) {
    return call(new RmsNorm(axes, eps), List.of(self()));
  }

  /// Rows as large as the weight brought to a mean square of 1, then scaled: see [RmsNorm].
  default T rmsNorm(T weight, double eps) {
    return call(new RmsNorm(weight.spec().rank(), eps), List.of(self(), weight));
  }

  /// Groups of channels brought to mean 0 and variance 1: see [GroupNorm].
  default T groupNorm(int groups, double eps) {
    return call(new GroupNorm(groups, eps), List.of(self()));
  }

  /// Groups of channels brought to mean 0 and variance 1, then scaled and moved: see [GroupNorm].
  default T groupNorm(int groups, T weight, T bias, double eps) {
    return call(new GroupNorm(groups, eps), List.of(self(), weight, bias));
  }

  /// Each channel of each sample brought to mean 0 and variance 1.
  default T instanceNorm(double eps) {
    return groupNorm(channels("instanceNorm"), eps);
  }

  /// Each channel of each sample brought to mean 0 and variance 1, then scaled and moved.
  default T instanceNorm(T weight, T bias, double eps) {
    return groupNorm(channels("instanceNorm"), weight, bias, eps);
  }

  private int channels(String operator) {
    Operands.atLeast(operator, "x", spec().shape(), 3);
    return Math.toIntExact(spec().shape().size(1));
  }

  /// Channels brought to mean 0 and variance 1 over the batch, as in training: see [BatchNorm].
  default BatchStatistics<T> batchNorm(double eps) {
    return statistics(List.of(self()), eps);
  }

  /// Channels brought to mean 0 and variance 1 over the batch, then scaled and moved, as in
  /// training: see [BatchNorm].
  default BatchStatistics<T> batchNorm(T weight, T bias, double eps) {
    return statistics(List.of(self(), weight, bias), eps);
  }

  private BatchStatistics<T> statistics(List<T> operands, double eps) {
    List<T> results = apply(new BatchNorm(eps), operands);
    return new BatchStatistics<>(results.get(0), results.get(1), results.get(2));
  }

  /// Channels normalised by known statistics `[C]`, as in inference: in the accumulation type and
  /// rounded once (rule DT-24).
  default T batchNormInference(T mean, T var, double eps) {
    T scale = wide(var).add(eps).rsqrt();
    return scaled(scale, wide(mean).mul(scale).neg());
  }

  /// Channels normalised by known statistics `[C]`, then scaled and moved, as in inference.
  default T batchNormInference(T mean, T var, T weight, T bias, double eps) {
    T scale = wide(var).add(eps).rsqrt().mul(wide(weight));
    return scaled(scale, wide(bias).sub(wide(mean).mul(scale)));
  }

  private static <T extends TensorOps<T>> T wide(T each) {
    return each.to(each.spec().dtype().accumulator());
  }

  private T scaled(T scale, T offset) {
    TensorSpec x = spec();
    Operands.floating("batchNorm", List.of(x));
    Operands.atLeast("batchNorm", "x", x.shape(), 2);
    Operands.is("batchNorm", "scale", scale.spec(), BatchNorm.statistic(x));
    Operands.is("batchNorm", "offset", offset.spec(), BatchNorm.statistic(x));
    Expr element = Exprs.cast(scale.spec().dtype(), Folding.input(0, self()));
    Expr scaled = Exprs.mul(element, Folding.input(1, scale));
    Expr result = Exprs.cast(x.dtype(), Exprs.add(scaled, Folding.input(2, offset)));
    T factors = BatchNorm.channels(scale, x.shape());
    T offsets = BatchNorm.channels(offset, x.shape());
    return call(Map.of("batchNorm", result), List.of(self(), factors, offsets));
  }

  /// Attention of these queries `[*, L, E]` over all keys `[*, S, E]` and values `[*, S, Ev]`, with
  /// scale `1/√E`: see [Attention].
  default T scaledDotProductAttention(T key, T value) {
    return scaledDotProductAttention(key, value, attention(Attention.Causality.FULL));
  }

  /// Attention with scale `1/√E` and the keys that `causality` lets be seen: see [Attention].
  default T scaledDotProductAttention(T key, T value, Attention.Causality causality) {
    return scaledDotProductAttention(key, value, attention(causality));
  }

  /// Attention with scale `1/√E` under a mask, bool or added: see [Attention].
  default T scaledDotProductAttention(T key, T value, T mask) {
    return scaledDotProductAttention(key, value, mask, attention(Attention.Causality.FULL));
  }

  /// Attention as described by `attention`.
  default T scaledDotProductAttention(T key, T value, Attention attention) {
    return call(attention, List.of(self(), key, value));
  }

  /// Attention as described by `attention`, under a mask, bool or added.
  default T scaledDotProductAttention(T key, T value, T mask, Attention attention) {
    return call(attention, List.of(self(), key, value, mask));
  }

  private Attention attention(Attention.Causality causality) {
    Operands.atLeast("attention", "q", spec().shape(), 2);
    return new Attention(1 / Math.sqrt((double) spec().shape().size(-1)), causality);
  }

  /// The rows of this table `[V, D]` at integer indices `[*]`: see [Embedding].
  default T embedding(T index) {
    return embedding(index, OptionalLong.empty());
  }

  /// The rows of this table `[V, D]` at integer indices `[*]`; the row `padding`, which may count
  /// from the end, gets no gradient (see [Embedding]).
  default T embedding(T index, OptionalLong padding) {
    T wide = index.spec().dtype() == DType.INT32 ? index.to(DType.INT64) : index;
    OptionalLong row = padding;
    if (padding.isPresent() && spec().rank() == 2) {
      row = OptionalLong.of(Axes.index(spec().shape(), 0, padding.getAsLong(), "embedding"));
    }
    return call(new Embedding(row), List.of(self(), wide));
  }

  /// Elements set to 0 with probability `p`, the others divided by `1 − p`.
  ///
  /// @param seed key of the random function
  /// @param offset index of the first of as many random words as there are elements
  /// @throws IllegalArgumentException if p is not from 0 to 1 (rule 8.9)
  default T dropout(double p, long seed, long offset) {
    return dropped(p, spec().shape(), seed, offset);
  }

  /// Whole channels `[N, C, …]` set to 0 with probability `p`, the others divided by `1 − p`.
  ///
  /// @param seed key of the random function
  /// @param offset index of the first of `N·C` random words
  /// @throws IllegalArgumentException if p is not from 0 to 1 (rule 8.9)
  default T featureDropout(double p, long seed, long offset) {
    Shape shape = spec().shape();
    Operands.atLeast("featureDropout", "x", shape, 2);
    Shape channels = shape.slice(0, 2);
    for (int axis = 2; axis < shape.rank(); axis++) {
      channels = channels.concat(Shape.of(1));
    }
    return dropped(p, channels, seed, offset);
  }

  private T dropped(double p, Shape mask, long seed, long offset) {
    T kept = kept(p, mask, seed, offset);
    Expr element = Folding.input(0, self());
    Expr scaled = Exprs.mul(element, p == 1 ? 0 : 1 / (1 - p));
    Expr result = Exprs.where(Folding.input(1, kept), scaled, Exprs.like(element, 0));
    return call(Map.of("dropout", result), List.of(self(), kept));
  }

  private T kept(double p, Shape mask, long seed, long offset) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("dropout: p is %s; it must be from 0 to 1".formatted(p));
    }
    TensorSpec bits = new TensorSpec(mask, DType.BOOL, spec().device());
    return self().bernoulli(1 - p, bits, seed, offset);
  }

  /// Dropout that keeps mean 0 and variance 1 of what [PointwiseOps#selu()] gives: elements set to
  /// its lowest value with probability `p`, then all scaled and moved (Klambauer and others,
  /// "Self-normalizing neural networks", 2017).
  ///
  /// @param seed key of the random function
  /// @param offset index of the first of as many random words as there are elements
  /// @throws IllegalArgumentException if p is not from 0 to 1 (rule 8.9)
  default T alphaDropout(double p, long seed, long offset) {
    double lowest = -1.7580993408473766;
    T kept = kept(p, spec().shape(), seed, offset);
    if (p == 1) {
      return self().mul(0);
    }
    double scale = 1 / Math.sqrt((1 - p) * (1 + p * lowest * lowest));
    T mixed = self().maskedFill(kept.logicalNot(), lowest);
    return mixed.mul(scale).add(-scale * p * lowest);
  }

  /// The first half along an axis, gated by the sigmoid of the second.
  default T glu(int axis) {
    Shape shape = spec().shape();
    int at = Axes.existing(shape, axis, "glu");
    if (shape.size(at) % 2 != 0) {
      throw new ShapeException(
          "glu: axis %s of %s is odd; it must split in halves".formatted(at, shape));
    }
    long half = shape.size(at) / 2;
    return self().narrow(at, 0, half).mul(self().narrow(at, half, half).sigmoid());
  }

  /// The cosine of the angle between vectors along an axis: `x·y / (max(‖x‖, eps)·max(‖y‖, eps))`.
  default T cosineSimilarity(T other, int axis, double eps) {
    Shape shape = Shape.broadcast(spec().shape(), other.spec().shape(), "cosineSimilarity");
    int at = Axes.existing(shape, axis, "cosineSimilarity") - shape.rank();
    T product = Folding.sumOfProducts(self(), other, at);
    T lengths = length(self(), at).clampMin(eps).mul(length(other, at).clampMin(eps));
    return product.div(lengths).squeeze(at);
  }

  private static <T extends TensorOps<T>> T length(T x, int axis) {
    return x.norm(2, Keep.AXES, axis);
  }

  /// The p-norm of `x − y + eps` along the last axis.
  default T pairwiseDistance(T other, double p, double eps) {
    return self().sub(other).add(eps).norm(p, -1);
  }

  /// This divided by its p-norm along an axis, or by eps where that is larger.
  default T normalize(double p, int axis, double eps) {
    return self().div(self().norm(p, Keep.AXES, axis).clampMin(eps));
  }
}

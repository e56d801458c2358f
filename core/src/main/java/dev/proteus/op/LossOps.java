package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Losses: how far this is from a target. Without a [Reduction], the mean.
///
/// Where shapes differ, operands are broadcast together.
///
/// @param <T> what operators are applied to
public interface LossOps<T extends TensorOps<T>> extends Value<T> {
  /// The mean of squared differences.
  default T mseLoss(T target) {
    return mseLoss(target, Reduction.MEAN);
  }

  /// Squared differences.
  default T mseLoss(T target, Reduction reduction) {
    T difference = self().sub(target);
    int[] all = IntStream.range(0, difference.spec().rank()).toArray();
    return switch (reduction) {
      case NONE -> difference.square();
      case SUM -> Folding.sumOfProducts(difference, difference, all).reshape(Shape.SCALAR);
      case MEAN ->
          Folding.sumOfProducts(difference, difference, all)
              .reshape(Shape.SCALAR)
              .div((double) difference.spec().numel());
    };
  }

  /// The mean of absolute differences.
  default T l1Loss(T target) {
    return l1Loss(target, Reduction.MEAN);
  }

  /// Absolute differences.
  default T l1Loss(T target, Reduction reduction) {
    return reduced(self().sub(target).abs(), reduction);
  }

  /// Differences, squared below `beta`: `d²/(2·beta)`, else `d − beta/2`.
  default T smoothL1Loss(T target, double beta, Reduction reduction) {
    if (!(beta >= 0)) {
      throw new IllegalArgumentException(
          "smoothL1Loss: beta is %s; it must be at least 0".formatted(beta));
    }
    if (beta == 0) {
      return l1Loss(target, reduction);
    }
    T d = self().sub(target).abs();
    return reduced(d.square().mul(0.5 / beta).where(d.lt(beta), d.sub(0.5 * beta)), reduction);
  }

  /// Differences, squared below `delta`: `d²/2`, else `delta·(d − delta/2)`.
  default T huberLoss(T target, double delta, Reduction reduction) {
    if (!(delta > 0)) {
      throw new IllegalArgumentException(
          "huberLoss: delta is %s; it must be above 0".formatted(delta));
    }
    T d = self().sub(target).abs();
    T linear = d.sub(0.5 * delta).mul(delta);
    return reduced(d.square().mul(0.5).where(d.lt(delta), linear), reduction);
  }

  /// The mean cross entropy of these logits `[N, C, *]` or `[C]` against classes `[N, *]` or `[]`,
  /// int64, or against probabilities like the logits.
  default T crossEntropy(T target) {
    return crossEntropy(target, CrossEntropy.MEAN);
  }

  /// The cross entropy as described by `loss` against classes or probabilities.
  default T crossEntropy(T target, CrossEntropy loss) {
    return crossEntropy(target, Optional.empty(), loss);
  }

  /// The cross entropy as described by `loss` against classes or probabilities, classes weighted by
  /// `[C]`.
  default T crossEntropy(T target, T weight, CrossEntropy loss) {
    return crossEntropy(target, Optional.of(weight), loss);
  }

  private T crossEntropy(T target, Optional<T> weight, CrossEntropy loss) {
    if (target.spec().dtype().isFloating()) {
      return probabilities(target, weight, loss);
    }
    return classes(loss, target, weight);
  }

  /// Logits without a batch are a batch of one.
  private T classes(Op loss, T target, Optional<T> weight) {
    boolean single = spec().rank() == 1 && target.spec().rank() == 0;
    T x = single ? self().unsqueeze(0) : self();
    List<T> operands = new ArrayList<>(List.of(x, single ? target.unsqueeze(0) : target));
    weight.ifPresent(operands::add);
    T result = x.call(loss, operands);
    return single ? result.reshape(Shape.SCALAR) : result;
  }

  private T probabilities(T target, Optional<T> weight, CrossEntropy loss) {
    Shape shape = spec().shape();
    if (loss.ignoreIndex() >= 0) {
      throw new IllegalArgumentException(
          "crossEntropy: ignoreIndex %s with a target of probabilities; they have no index to ignore"
              .formatted(loss.ignoreIndex()));
    }
    Operands.atLeast("crossEntropy", "x", shape, 1);
    Operands.shape("crossEntropy", "target of probabilities", target.spec().shape(), shape);
    int axis = shape.rank() == 1 ? 0 : 1;
    double smoothing = loss.labelSmoothing();
    T wanted =
        smoothing == 0 ? target : target.mul(1 - smoothing).add(smoothing / shape.size(axis));
    if (weight.isPresent()) {
      T each = weight.get();
      wanted = wanted.mul(axis == 0 ? each : BatchNorm.channels(each, shape));
    }
    T losses = Folding.sumOfProducts(self().logSoftmax(axis), wanted, axis).squeeze(axis).neg();
    return reduced(losses, loss.reduction());
  }

  /// The mean negative log likelihood of classes `[N, *]` or `[]`, int64, for log probabilities
  /// `[N, C, *]` or `[C]`.
  default T nllLoss(T target) {
    return nllLoss(target, NllLoss.MEAN);
  }

  /// The negative log likelihood as described by `loss`.
  default T nllLoss(T target, NllLoss loss) {
    return classes(loss, target, Optional.empty());
  }

  /// The negative log likelihood as described by `loss`, classes weighted by `[C]`.
  default T nllLoss(T target, T weight, NllLoss loss) {
    return classes(loss, target, Optional.of(weight));
  }

  /// The mean cross entropy of these probabilities: see [BinaryCrossEntropy].
  default T binaryCrossEntropy(T target) {
    return binaryCrossEntropy(target, Reduction.MEAN);
  }

  /// The cross entropy of these probabilities: see [BinaryCrossEntropy].
  default T binaryCrossEntropy(T target, Reduction reduction) {
    return reduced(call(new BinaryCrossEntropy(), List.of(self(), target)), reduction);
  }

  /// The cross entropy of these probabilities, elements weighted: see [BinaryCrossEntropy].
  default T binaryCrossEntropy(T target, T weight, Reduction reduction) {
    T losses = call(new BinaryCrossEntropy(), List.of(self(), target));
    return reduced(losses.mul(weight), reduction);
  }

  /// The mean cross entropy of the sigmoids of these logits.
  default T binaryCrossEntropyWithLogits(T target) {
    return binaryCrossEntropyWithLogits(target, Reduction.MEAN);
  }

  /// The cross entropy of the sigmoids of these logits, without overflow.
  default T binaryCrossEntropyWithLogits(T target, Reduction reduction) {
    checkLogits(target);
    return reduced(target.rsub(1).mul(self()).sub(self().logSigmoid()), reduction);
  }

  /// The cross entropy of the sigmoids of these logits; what should be 1 counts `positive` times.
  default T binaryCrossEntropyWithLogits(T target, T positive, Reduction reduction) {
    checkLogits(target);
    T count = positive.sub(1).mul(target).add(1);
    T losses = target.rsub(1).mul(self()).sub(count.mul(self().logSigmoid()));
    return reduced(losses, reduction);
  }

  private void checkLogits(T target) {
    Operands.shape("binaryCrossEntropyWithLogits", "target", target.spec().shape(), spec().shape());
  }

  /// The divergence `t·(log t − x)` of these log probabilities from the target (Kullback and
  /// Leibler). The divergence of a batch is the sum divided by its size; the mean is over elements.
  default T klDivLoss(T target, Scale scale, Reduction reduction) {
    T losses =
        switch (scale) {
          case LINEAR -> target.xlogy(target).sub(target.mul(self()));
          case LOG -> target.exp().mul(target.sub(self()));
        };
    return reduced(losses, reduction);
  }

  /// `x` where the target is 1, `max(0, margin − x)` where it is -1.
  default T hingeEmbeddingLoss(T target, double margin, Reduction reduction) {
    T apart = self().rsub(margin).clampMin(0.0).maskedFill(target.eq(1), 0);
    return reduced(self().maskedFill(target.eq(-1), 0).add(apart), reduction);
  }

  /// `max(0, margin − t·(x − other))`: what should rank higher by the target's sign.
  default T marginRankingLoss(T other, T target, double margin, Reduction reduction) {
    T losses = self().sub(other).mul(target).rsub(margin).clampMin(0.0);
    return reduced(losses, reduction);
  }

  /// `log(1 + exp(−t·x))` for targets 1 and -1.
  default T softMarginLoss(T target, Reduction reduction) {
    return reduced(self().mul(target).logSigmoid().neg(), reduction);
  }

  /// The negative log likelihood of label sequences `[N, S]` without alignment, for log
  /// probabilities `[T, N, C]`: see [CtcLoss]. The mean is of losses divided by their numbers of
  /// labels.
  ///
  /// @param steps how many of the T steps count, `[N]`
  /// @param labels how many of the S labels count, `[N]`
  default T ctcLoss(T target, T steps, T labels, long blank, Reduction reduction) {
    T losses = call(new CtcLoss(blank), List.of(self(), target, steps, labels));
    return switch (reduction) {
      case MEAN -> losses.div(labels.clampMin(1L).to(losses.spec().dtype())).mean();
      case NONE, SUM -> reduced(losses, reduction);
    };
  }

  /// The mean over classes of the cross entropy of each class's sigmoid, for logits `[*, C]` and
  /// targets alike, of which several may be 1.
  default T multilabelSoftMarginLoss(T target, Reduction reduction) {
    Operands.atLeast("multilabelSoftMarginLoss", "x", spec().shape(), 1);
    return reduced(binaryCrossEntropyWithLogits(target, Reduction.NONE).mean(-1), reduction);
  }

  /// `Σ max(0, margin − x[t] + x[c])ᵖ / C` over the classes c other than the target t, for scores
  /// `[N, C]` or `[C]` and classes `[N]` or `[]`, int64.
  default T multiMarginLoss(T target, double p, double margin, Reduction reduction) {
    Shape shape = spec().shape();
    Operands.atLeast("multiMarginLoss", "x", shape, 1);
    Operands.shape(
        "multiMarginLoss", "target", target.spec().shape(), shape.slice(0, shape.rank() - 1));
    T right = target.unsqueeze(-1);
    T over = self().sub(self().gather(-1, right)).add(margin).clampMin(0.0).pow(p);
    T others = over.scatter(-1, right, Scalar.of(0L));
    return reduced(others.sum(-1).div((double) shape.size(-1)), reduction);
  }

  /// `1 − cos` where the target is 1, `max(0, cos − margin)` where it is -1, for vectors along the
  /// last axis.
  default T cosineEmbeddingLoss(T other, T target, double margin, Reduction reduction) {
    Shape shape = Shape.broadcast(spec().shape(), other.spec().shape(), "cosineEmbeddingLoss");
    if (target.spec().rank() != shape.rank() - 1) {
      throw new ShapeException(
          "cosineEmbeddingLoss: target is %s, inputs are %s; they must be [N] and [N, D], or [] and [D]"
              .formatted(target.spec().shape(), shape));
    }
    T lengths = squared(self()).mul(squared(other)).sqrt();
    T cosine = Folding.sumOfProducts(self(), other, -1).div(lengths).squeeze(-1);
    T near = cosine.rsub(1).maskedFill(target.ne(1), 0);
    T apart = cosine.sub(margin).clampMin(0.0).maskedFill(target.ne(-1), 0);
    return reduced(near.add(apart), reduction);
  }

  private static <T extends TensorOps<T>> T squared(T x) {
    return Folding.sumOfProducts(x, x, -1).add(1e-12);
  }

  /// `max(0, margin + d(x, positive) − d(x, negative))` with p-norm distances along the last axis.
  default T tripletMarginLoss(
      T positive, T negative, double margin, double p, double eps, Reduction reduction) {
    T near = self().pairwiseDistance(positive, p, eps);
    T far = self().pairwiseDistance(negative, p, eps);
    return reduced(near.sub(far).add(margin).clampMin(0.0), reduction);
  }

  /// The negative log likelihood of the target under normal distributions with these means.
  ///
  /// @param var their variances, at least `eps`
  default T gaussianNllLoss(T target, T var, double eps, Constants constants, Reduction reduction) {
    T variance = var.clampMin(eps);
    T losses = self().sub(target).square().div(variance).add(variance.log()).mul(0.5);
    return reduced(
        constants == Constants.INCLUDED ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses,
        reduction);
  }

  /// The negative log likelihood of the target under Poisson distributions with these rates.
  ///
  /// @param eps added to a rate before its logarithm
  /// @param constants whether to add Stirling's approximation of `log t!` where t exceeds 1
  default T poissonNllLoss(
      T target, Scale scale, double eps, Constants constants, Reduction reduction) {
    T losses =
        switch (scale) {
          case LOG -> self().exp().sub(target.mul(self()));
          case LINEAR -> self().sub(target.mul(self().add(eps).log()));
        };
    if (constants == Constants.INCLUDED) {
      T stirling = target.mul(target.log()).sub(target).add(target.mul(2 * Math.PI).log().mul(0.5));
      losses = losses.add(stirling.maskedFill(target.le(1), 0));
    }
    return reduced(losses, reduction);
  }

  private static <T extends TensorOps<T>> T reduced(T losses, Reduction reduction) {
    return switch (reduction) {
      case NONE -> losses;
      case SUM -> losses.sumTo(Shape.SCALAR);
      case MEAN -> losses.sumTo(Shape.SCALAR).div((double) losses.spec().numel());
    };
  }
}

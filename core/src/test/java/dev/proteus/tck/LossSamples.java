package dev.proteus.tck;

import static dev.proteus.tck.Arg.constant;
import static dev.proteus.tck.Arg.index;
import static dev.proteus.tck.Arg.x;
import static dev.proteus.tck.Domain.ANY;
import static dev.proteus.tck.Domain.NONZERO;
import static dev.proteus.tck.Domain.POSITIVE;
import static dev.proteus.tck.Domain.UNIT;
import static dev.proteus.tck.Domain.between;
import static dev.proteus.tck.Sample.s;
import static dev.proteus.tck.Trait.COMBINED;

import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.op.Constants;
import dev.proteus.op.CrossEntropy;
import dev.proteus.op.NllLoss;
import dev.proteus.op.Reduction;
import dev.proteus.op.Scale;
import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;

/// Samples of losses.
final class LossSamples {
  /// 1 or -1.
  private static final Domain SIGNS =
      (shape, random) -> random.ints(shape.numel(), 0, 2).mapToDouble(bit -> 2 * bit - 1).toArray();

  static final List<Sample> CLASSES =
      List.of(
          Sample.of("crossEntropy", (x, t) -> x.crossEntropy(t), x(3, 5), index(5, 3))
              .also(s(5), s())
              .also(s(2, 5, 3), s(2, 3))
              .also(s(33, 10), s(33))
              .within(Tolerance.CHAINED)
              .rejects(ShapeException.class, s(3, 5), s(4))
              .rejectsValues(
                  TensorIndexException.class, in -> in.get(0).crossEntropy(in.get(1).add(5L))),
          Sample.of(
                  "crossEntropy, smoothed",
                  (x, t, w) -> x.crossEntropy(t, w, new CrossEntropy(1, 0.2, Reduction.MEAN)),
                  x(4, 5),
                  index(5, 4),
                  constant(UNIT, 5))
              .within(Tolerance.CHAINED),
          Sample.of(
                  "crossEntropy, sum",
                  (x, t) -> x.crossEntropy(t, new CrossEntropy(-100, 0, Reduction.SUM)),
                  x(3, 5),
                  index(5, 3))
              .within(Tolerance.CHAINED),
          Sample.of(
                  "crossEntropy, each",
                  (x, t) -> x.crossEntropy(t, new CrossEntropy(2, 0.1, Reduction.NONE)),
                  x(4, 5),
                  index(5, 4))
              .within(Tolerance.CHAINED),
          Sample.of(
                  "crossEntropy of probabilities",
                  (x, t) -> x.crossEntropy(t),
                  x(3, 5),
                  x(UNIT, 3, 5))
              .within(Tolerance.CHAINED),
          Sample.of("nllLoss", (x, t) -> x.nllLoss(t), x(3, 5), index(5, 3))
              .also(s(5), s())
              .also(s(2, 5, 3), s(2, 3))
              .rejects(ShapeException.class, s(3, 5), s(4)),
          Sample.of(
              "nllLoss, weighted",
              (x, t, w) -> x.nllLoss(t, w, new NllLoss(2, Reduction.SUM)),
              x(4, 5),
              index(5, 4),
              constant(UNIT, 5)));

  static final List<Sample> DISTANCES =
      List.of(
          loss("mseLoss", Tensor::mseLoss, x(3, 4), x(3, 4)),
          loss("mseLoss, sum", (x, t) -> x.mseLoss(t, Reduction.SUM), x(3, 4), x(4)),
          loss("mseLoss, each", (x, t) -> x.mseLoss(t, Reduction.NONE), x(3, 4), x(3, 4)),
          loss("l1Loss", Tensor::l1Loss, x(3, 4), x(3, 4)),
          loss("smoothL1Loss", (x, t) -> x.smoothL1Loss(t, 0.7, Reduction.MEAN), x(3, 4), x(3, 4)),
          loss("huberLoss", (x, t) -> x.huberLoss(t, 0.7, Reduction.SUM), x(3, 4), x(3, 4)),
          loss("binaryCrossEntropy", Tensor::binaryCrossEntropy, x(UNIT, 3, 4), x(UNIT, 3, 4)),
          loss(
              "binaryCrossEntropyWithLogits",
              Tensor::binaryCrossEntropyWithLogits,
              x(3, 4),
              x(UNIT, 3, 4)),
          Sample.of(
                  "binaryCrossEntropyWithLogits, weighted",
                  (x, t, p) -> x.binaryCrossEntropyWithLogits(t, p, Reduction.MEAN),
                  x(3, 4),
                  x(UNIT, 3, 4),
                  x(POSITIVE, 4))
              .with(COMBINED),
          loss(
              "klDivLoss",
              (x, t) -> x.klDivLoss(t, Scale.LINEAR, Reduction.SUM),
              x(3, 4),
              x(UNIT, 3, 4)),
          loss(
              "klDivLoss, log",
              (x, t) -> x.klDivLoss(t, Scale.LOG, Reduction.MEAN),
              x(3, 4),
              x(between(-2, -0.1), 3, 4)),
          loss(
              "gaussianNllLoss",
              (x, v) -> x.gaussianNllLoss(x.mul(0.5), v, 1e-6, Constants.INCLUDED, Reduction.MEAN),
              x(3, 4),
              x(POSITIVE, 3, 4)),
          loss(
              "poissonNllLoss",
              (x, t) -> x.poissonNllLoss(t, Scale.LOG, 1e-8, Constants.INCLUDED, Reduction.MEAN),
              x(3, 4),
              x(POSITIVE.awayFrom(1), 3, 4)));

  static final List<Sample> MARGINS =
      List.of(
          loss(
              "hingeEmbeddingLoss",
              (x, t) -> x.hingeEmbeddingLoss(t, 1, Reduction.MEAN),
              x(ANY.awayFrom(1), 3, 4),
              constant(SIGNS, 3, 4)),
          loss(
              "softMarginLoss",
              (x, t) -> x.softMarginLoss(t, Reduction.MEAN),
              x(3, 4),
              constant(SIGNS, 3, 4)),
          Sample.of(
                  "ctcLoss",
                  (x, t) ->
                      x.logSoftmax(2).ctcLoss(t, like(t, 5), like(t, t.size(1)), 0, Reduction.MEAN),
                  x(5, 2, 4),
                  Arg.index(Domain.integers(1, 4), 2, 2))
              .also(s(5, 1, 3), s(1, 1))
              .types(Sample.WIDE)
              .with(COMBINED)
              .within(Tolerance.CHAINED)
              .rejects(ShapeException.class, s(5, 2, 4), s(3, 2)),
          loss(
              "multilabelSoftMarginLoss",
              (x, t) -> x.multilabelSoftMarginLoss(t, Reduction.MEAN),
              x(3, 4),
              constant(Domain.integers(0, 2), 3, 4)),
          Sample.of(
                  "multiMarginLoss",
                  (x, t) -> x.multiMarginLoss(t, 2, 1, Reduction.MEAN),
                  x(3, 4),
                  Arg.index(4, 3))
              .also(s(4), s())
              .with(COMBINED)
              .within(Tolerance.CHAINED)
              .rejects(ShapeException.class, s(3, 4), s(4)),
          Sample.of(
                  "marginRankingLoss",
                  (a, b, t) -> a.marginRankingLoss(b, t, 0.1, Reduction.SUM),
                  x(5),
                  x(5),
                  constant(SIGNS, 5))
              .with(COMBINED),
          Sample.of(
                  "cosineEmbeddingLoss",
                  (a, b, t) -> a.cosineEmbeddingLoss(b, t, 0.1, Reduction.MEAN),
                  x(NONZERO, 3, 4),
                  x(NONZERO, 3, 4),
                  constant(SIGNS, 3))
              .with(COMBINED)
              .within(Tolerance.CHAINED),
          Sample.of(
                  "tripletMarginLoss",
                  (a, p, n) -> a.tripletMarginLoss(p, n, 1, 2, 1e-6, Reduction.SUM),
                  x(3, 4),
                  x(3, 4),
                  x(3, 4))
              .with(COMBINED)
              .within(Tolerance.CHAINED));

  private LossSamples() {}

  /// A number for each row.
  private static Tensor like(Tensor rows, long number) {
    return rows.select(1, 0).mul(0L).add(number);
  }

  private static Sample loss(String name, BinaryOperator<Tensor> call, Arg x, Arg target) {
    return Sample.of(name, call, x, target).within(Tolerance.CHAINED).with(COMBINED);
  }
}

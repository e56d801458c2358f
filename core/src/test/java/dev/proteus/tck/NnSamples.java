package dev.proteus.tck;

import static dev.proteus.tck.Arg.constant;
import static dev.proteus.tck.Arg.index;
import static dev.proteus.tck.Arg.mask;
import static dev.proteus.tck.Arg.x;
import static dev.proteus.tck.Domain.ANY;
import static dev.proteus.tck.Domain.NONZERO;
import static dev.proteus.tck.Domain.POSITIVE;
import static dev.proteus.tck.Sample.s;
import static dev.proteus.tck.Trait.COMBINED;
import static dev.proteus.tck.Trait.NOT_FINITE;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.op.Attention;
import dev.proteus.op.BatchStatistics;
import dev.proteus.op.Int4Linear;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Samples of operators of neural networks.
final class NnSamples {
  private static final double EPS = 1e-3;

  static final List<Sample> ACTIVATIONS =
      List.of(
          shares("softmax", x -> x.softmax(1)).rejects(TensorIndexException.class, s(3)),
          shares("softmax of the first axis", x -> x.softmax(0)).also(s()),
          shares("softmin", x -> x.softmin(-1)),
          shares("logSoftmax", x -> x.logSoftmax(1)),
          shares("logSoftmax of the first axis", x -> x.logSoftmax(0)).also(s()),
          Sample.of("glu", x -> x.glu(1), x(3, 4))
              .with(COMBINED)
              .rejects(ShapeException.class, s(3, 3)));

  static final List<Sample> NORMS =
      List.of(
          norm("layerNorm", x -> x.layerNorm(1, EPS)).also(s(37, 33)),
          norm("layerNorm of two axes", x -> x.layerNorm(2, EPS)),
          Sample.of(
                  "layerNorm with weight",
                  (x, w, b) -> x.layerNorm(w, b, EPS),
                  x(3, 2, 4),
                  x(4),
                  x(4))
              .also(s(3, 2, 4), s(2, 4), s(2, 4))
              .within(Tolerance.CHAINED)
              .rejects(ShapeException.class, s(3, 4), s(3), s(3)),
          norm("rmsNorm", x -> x.rmsNorm(1, EPS)).also(s(37, 33)),
          Sample.of("rmsNorm with weight", (x, w) -> x.rmsNorm(w, EPS), x(3, 4), x(4))
              .within(Tolerance.CHAINED),
          norm("groupNorm", x -> x.groupNorm(2, EPS)),
          Sample.of(
                  "groupNorm with weight",
                  (x, w, b) -> x.groupNorm(2, w, b, EPS),
                  x(2, 4, 3),
                  x(4),
                  x(4))
              .within(Tolerance.CHAINED)
              .rejects(ShapeException.class, s(2, 3, 3), s(3), s(3)),
          norm("instanceNorm", x -> x.instanceNorm(EPS)),
          Sample.ofList("batchNorm", in -> results(in.get(0).batchNorm(EPS)), x(3, 2, 4))
              .within(Tolerance.CHAINED),
          Sample.ofList(
                  "batchNorm with weight",
                  in -> results(in.get(0).batchNorm(in.get(1), in.get(2), EPS)),
                  x(3, 2, 4),
                  x(2),
                  x(2))
              .also(s(5, 3), s(3), s(3))
              .also(s(2, 3, 4, 5), s(3), s(3))
              .within(Tolerance.CHAINED)
              .rejects(ShapeException.class, s(3, 2), s(3), s(3)),
          Sample.of(
                  "batchNormInference",
                  (x, m, v) -> x.batchNormInference(m, v, EPS),
                  x(3, 2, 4),
                  x(2),
                  x(POSITIVE, 2))
              .with(COMBINED),
          Sample.of("normalize", x -> x.normalize(2, 1, EPS), x(NONZERO, 3, 4))
              .within(Tolerance.CHAINED));

  static final List<Sample> LAYERS =
      List.of(
          Sample.of("linear", (x, w) -> x.linear(w), x(3, 4), x(2, 4))
              .also(s(4), s(2, 4))
              .also(s(2, 3, 4), s(5, 4))
              .also(s(0, 4), s(5, 4))
              .also(s(33, 40), s(35, 40))
              .rejects(ShapeException.class, s(3, 4), s(4, 3)),
          Sample.of("linear with bias", (x, w, b) -> x.linear(w, b), x(3, 4), x(2, 4), x(2))
              .rejects(ShapeException.class, s(3, 4), s(2, 4), s(3)),
          int8("int8Linear", in -> in.get(0).int8Linear(codes(in.get(1)), in.get(2)), 3, 5)
              .also(s(2, 3, 33), s(4, 33), s(4))
              .also(s(0, 4), s(5, 4), s(5))
              .also(s(19, 40), s(35, 40), s(35))
              .rejects(ShapeException.class, s(3, 4), s(4, 3), s(4))
              .rejects(ShapeException.class, s(3, 4), s(2, 4), s(3))
              .rejects(DTypeException.class, in -> in.get(0).int8Linear(in.get(1), in.get(2))),
          int8(
              "int8Linear with bias",
              in -> in.get(0).int8Linear(codes(in.get(1)), in.get(2), in.get(2).exp()),
              3,
              5),
          int4("int4Linear", in -> in.get(0).int4Linear(bytes(in.get(1)), in.get(2), in.get(3)), 40)
              .also(s(2, 2, 32), s(3, 16), s(3, 1), s(3, 1))
              .also(s(19, 70), s(5, 48), s(5, 3), s(5, 3))
              .rejects(ShapeException.class, s(3, 40), s(2, 16), s(2, 1), s(2, 1))
              .rejects(ShapeException.class, s(3, 40), s(2, 32), s(2, 1), s(2, 2))
              .rejects(
                  DTypeException.class,
                  in -> in.get(0).int4Linear(in.get(1), in.get(2), in.get(3))),
          int4(
              "int4Linear with bias",
              in ->
                  in.get(0)
                      .int4Linear(bytes(in.get(1)), in.get(2), in.get(3), in.get(2).select(1, 0)),
              40),
          Sample.of("embedding", (t, i) -> t.embedding(i), x(5, 3), index(5, 2, 4))
              .also(s(5, 3), s())
              .also(s(5, 3), s(0))
              .types(Sample.ALL)
              .rejects(DTypeException.class, in -> in.get(0).embedding(in.get(0)))
              .rejectsValues(
                  TensorIndexException.class, in -> in.get(0).embedding(in.get(1).add(5L))),
          Sample.of(
                  "embedding with padding",
                  (t, i) -> t.embedding(i, OptionalLong.of(1)),
                  constant(ANY, 5, 3),
                  index(5, 2, 4))
              .types(Sample.ALL),
          attention("attention", Attention.Causality.FULL),
          attention("attention, causal", Attention.Causality.CAUSAL),
          Sample.ofList(
                  "attention with mask",
                  in ->
                      List.of(in.get(0).scaledDotProductAttention(in.get(1), in.get(2), in.get(3))),
                  x(2, 3, 4),
                  x(2, 5, 4),
                  x(2, 5, 2),
                  x(3, 5))
              .within(Tolerance.CHAINED),
          Sample.ofList(
                  "attention with bool mask",
                  in ->
                      List.of(
                          in.get(0)
                              .scaledDotProductAttention(
                                  in.get(1), in.get(2), in.get(3).logicalOr(in.get(4)))),
                  x(3, 4),
                  x(5, 4),
                  x(5, 2),
                  mask(3, 5),
                  new Arg(Arg.Role.MASK, (shape, random) -> filled(shape.numel(), 1), s(5)))
              .within(Tolerance.CHAINED),
          Sample.of(
                  "cosineSimilarity",
                  (a, b) -> a.cosineSimilarity(b, 1, EPS),
                  x(NONZERO, 3, 4),
                  x(NONZERO, 3, 4))
              .within(Tolerance.CHAINED),
          Sample.of("pairwiseDistance", (a, b) -> a.pairwiseDistance(b, 2, EPS), x(3, 4), x(3, 4))
              .within(Tolerance.CHAINED)
              .with(COMBINED));

  static final List<Sample> DROPOUT =
      List.of(
          Sample.of("dropout", x -> x.dropout(0.4, 7, 3), x(3, 4)).also(s(2, 0)).with(COMBINED),
          Sample.of("featureDropout", x -> x.featureDropout(0.4, 7, 3), x(3, 4, 2)).with(COMBINED),
          Sample.of("alphaDropout", x -> x.alphaDropout(0.4, 7, 3), x(3, 4)).with(COMBINED));

  private NnSamples() {}

  private static double[] filled(long count, double value) {
    double[] values = new double[(int) count];
    Arrays.fill(values, value);
    return values;
  }

  private static Sample shares(String name, UnaryOperator<Tensor> call) {
    return Sample.of(name, call, x(3, 4))
        .also(s(2, 3, 5))
        .also(s(0, 4))
        .also(s(37, 33))
        .within(Tolerance.CHAINED)
        .with(NOT_FINITE);
  }

  private static Sample norm(String name, UnaryOperator<Tensor> call) {
    return Sample.of(name, call, x(2, 4, 3)).within(Tolerance.CHAINED);
  }

  private static List<Tensor> results(BatchStatistics<Tensor> statistics) {
    return List.of(statistics.output(), statistics.mean(), statistics.var());
  }

  private static Sample int8(String name, Function<List<Tensor>, Tensor> call, long out, long in) {
    return Sample.ofList(
        name,
        operands -> List.of(call.apply(operands)),
        x(3, in),
        index(Domain.integers(-128, 128), out, in),
        x(out));
  }

  private static Sample int4(String name, Function<List<Tensor>, Tensor> call, long in) {
    long blocks = Int4Linear.blocks(in);
    return Sample.ofList(
        name,
        operands -> List.of(call.apply(operands)),
        x(3, in),
        index(256, 2, 16 * blocks),
        x(2, blocks),
        x(2, blocks));
  }

  private static Tensor codes(Tensor integers) {
    return integers.to(DType.INT8);
  }

  private static Tensor bytes(Tensor integers) {
    return integers.to(DType.UINT8);
  }

  private static Sample attention(String name, Attention.Causality causality) {
    return Sample.of(
            name,
            (q, k, v) -> q.scaledDotProductAttention(k, v, causality),
            x(2, 3, 4),
            x(2, 5, 4),
            x(2, 5, 2))
        .also(s(3, 4), s(3, 4), s(3, 4))
        .also(s(2, 2, 3, 4), s(2, 2, 3, 4), s(2, 2, 3, 4))
        .within(Tolerance.CHAINED)
        .rejects(ShapeException.class, s(3, 4), s(5, 3), s(5, 2));
  }
}

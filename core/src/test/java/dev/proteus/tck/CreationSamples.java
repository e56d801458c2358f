package dev.proteus.tck;

import static dev.proteus.tck.Arg.constant;
import static dev.proteus.tck.Sample.ALL;
import static dev.proteus.tck.Sample.FLOATING;
import static dev.proteus.tck.Sample.WIDE;
import static dev.proteus.tck.Sample.s;
import static dev.proteus.tck.Trait.COMBINED;
import static dev.proteus.tck.Trait.EXACT;
import static dev.proteus.tck.Trait.NOT_DIFFERENTIABLE;
import static dev.proteus.tck.Trait.OWN_TYPE;

import dev.proteus.error.ShapeException;
import dev.proteus.op.RandomOps.Drawing;
import dev.proteus.op.Transfer;
import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/// Samples of operators that make tensors of numbers: what they make is like their operand in type
/// and device. Random numbers are those of the oracle to the bit.
final class CreationSamples {
  private static final long SEED = 0x1234_5678_9abc_def0L;

  static final List<Sample> VALUES =
      List.of(
          made("full", (x, spec) -> x.full(spec, Scalar.of(3L)), 3, 4),
          made("zeros", Tensor::zeros, 3, 4),
          made("ones", Tensor::ones, 0, 4),
          made("fullLike", (x, spec) -> x.fullLike(2.0), 3, 4).inPlace(x -> x.fill_(2)),
          made("zerosLike", (x, spec) -> x.zerosLike(), 3, 4).inPlace(Tensor::zero_),
          made("onesLike", (x, spec) -> x.onesLike(), 3, 4),
          made("eye", Tensor::eye, 3, 4),
          made(
              "arange",
              (x, spec) ->
                  x.arange(
                      Scalar.of(1L), Scalar.of(12L), Scalar.of(2L), spec.dtype(), spec.device()),
              1),
          made("arange from 0", (x, spec) -> x.arange(7, spec.device()), 1),
          made("linspace", (x, spec) -> x.linspace(-1, 1, spec), 7),
          Sample.of("transfer", x -> x.call(new Transfer(x.device()), List.of(x)), Arg.x(3, 4))
              .types(ALL)
              .with(Trait.MAY_ALIAS));

  static final List<Sample> RANDOM =
      List.of(
          made("rand", (x, spec) -> x.rand(spec, SEED, 5), 37, 33).types(FLOATING).with(EXACT),
          made("randn", (x, spec) -> x.randn(spec, SEED, 5), 37, 33).types(FLOATING),
          made("randint", (x, spec) -> x.randint(-3, 100, spec, SEED, 5), 37, 33).with(EXACT),
          made("randint wide", (x, spec) -> x.randint(0, Long.MAX_VALUE, spec, SEED, 0), 5)
              .with(EXACT),
          filled("uniform_", x -> x.uniform_(-1, 2)),
          filled("normal_", x -> x.normal_(1, 2)).within(Tolerance.FOLDED),
          filled("exponential_", x -> x.exponential_(2)).within(Tolerance.FOLDED),
          filled("bernoulli_", x -> x.bernoulli_(0.3)).types(ALL).with(EXACT),
          filled("random_", x -> x.random_(-3, 100)).types(ALL).with(EXACT),
          like("emptyLike", x -> x.emptyLike().zero_()).types(ALL),
          like("randLike", Tensor::randLike),
          like("randnLike", Tensor::randnLike).within(Tolerance.FOLDED),
          like("randintLike", x -> x.randintLike(0, 9)).types(ALL),
          Sample.of("bernoulli of each", x -> x.bernoulli(SEED, 5), constant(Domain.UNIT, 37, 33))
              .with(NOT_DIFFERENTIABLE, OWN_TYPE),
          made("exponential", (x, spec) -> x.exponential(spec, SEED, 5), 37, 33)
              .types(FLOATING)
              .within(Tolerance.FOLDED),
          drawn("multinomial", Drawing.WITH_REPLACEMENT),
          drawn("multinomial without replacement", Drawing.WITHOUT_REPLACEMENT)
              .rejects(IllegalArgumentException.class, s(2, 2)),
          Sample.of("gumbelSoftmax", x -> x.gumbelSoftmax(0.7, -1, SEED, 5), Arg.x(3, 5))
              .types(Set.of(DType.FLOAT64)) // of other types, the oracle draws others
              .with(COMBINED),
          made("bernoulli", (x, spec) -> x.bernoulli(0.3, spec, SEED, 5), 37, 33).with(EXACT),
          made("randperm", (x, spec) -> x.randperm(37, spec.device(), SEED, 1), 1).with(EXACT));

  private CreationSamples() {}

  /// What writes random numbers into its operand; each call begins the same stream.
  private static Sample filled(String name, UnaryOperator<Tensor> call) {
    UnaryOperator<Tensor> seeded =
        x -> Scope.withGenerator(new Generator(SEED), () -> call.apply(x));
    return Sample.of(name, x -> seeded.apply(x.clone()), constant(Domain.ANY, 7, 9))
        .within(Tolerance.POINTWISE)
        .with(OWN_TYPE, NOT_DIFFERENTIABLE)
        .inPlace(seeded);
  }

  /// What makes random numbers of the spec of its operand.
  private static Sample like(String name, UnaryOperator<Tensor> call) {
    return Sample.of(
            name,
            x -> Scope.withGenerator(new Generator(SEED), () -> call.apply(x)),
            constant(Domain.ANY, 7, 9))
        .within(Tolerance.POINTWISE)
        .with(OWN_TYPE, NOT_DIFFERENTIABLE);
  }

  private static Sample drawn(String name, Drawing drawing) {
    return Sample.of(name, x -> x.multinomial(4, drawing, SEED, 5), constant(Domain.POSITIVE, 6))
        .also(s(3, 8))
        .types(WIDE)
        .with(COMBINED, NOT_DIFFERENTIABLE, OWN_TYPE)
        .rejects(ShapeException.class, s(2, 3, 6))
        .rejectsValues(
            IllegalArgumentException.class,
            in -> in.getFirst().neg().multinomial(2, drawing, SEED, 5));
  }

  private static Sample made(
      String name, BiFunction<Tensor, TensorSpec, Tensor> call, long... sizes) {
    Shape shape = Shape.of(sizes);
    return Sample.of(
            name, x -> call.apply(x, x.spec().withShape(shape)), constant(Domain.ANY, sizes))
        .types(ALL)
        .within(Tolerance.POINTWISE)
        .with(OWN_TYPE);
  }
}

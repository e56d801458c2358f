package dev.proteus.tck;

import static dev.proteus.tck.Arg.constant;
import static dev.proteus.tck.Sample.ALL;
import static dev.proteus.tck.Sample.FLOATING;
import static dev.proteus.tck.Trait.EXACT;
import static dev.proteus.tck.Trait.OWN_TYPE;

import dev.proteus.op.Transfer;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.function.BiFunction;

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
          made("bernoulli", (x, spec) -> x.bernoulli(0.3, spec, SEED, 5), 37, 33).with(EXACT),
          made("randperm", (x, spec) -> x.randperm(37, spec.device(), SEED, 1), 1).with(EXACT));

  private CreationSamples() {}

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

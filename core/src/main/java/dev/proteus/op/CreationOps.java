package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// New values from nothing but a spec: what derivatives and definitions need. User-side factories
/// are static methods of `Tensor`.
///
/// Random numbers are functions of a seed and an offset, the first 32-bit word to use; a call uses
/// at most four words per element. Equal arguments give equal numbers on every device.
///
/// @param <T> what operators are applied to
public interface CreationOps<T extends TensorOps<T>> extends Value<T> {
  /// A value of this spec filled with a number.
  default T full(TensorSpec spec, Scalar value) {
    return made("full", Exprs.constant(spec.dtype(), value), spec);
  }

  /// A value of this spec filled with zeros.
  default T zeros(TensorSpec spec) {
    return full(spec, Scalar.of(0L));
  }

  /// A value of this spec filled with ones.
  default T ones(TensorSpec spec) {
    return full(spec, Scalar.of(1L));
  }

  /// A value of the spec of this filled with a number.
  default T fullLike(double value) {
    return full(spec(), Scalar.of(value));
  }

  /// A value of the spec of this filled with zeros.
  default T zerosLike() {
    return zeros(spec());
  }

  /// A value of the spec of this filled with ones.
  default T onesLike() {
    return ones(spec());
  }

  /// The int64 numbers from 0 to `count`, exclusive.
  default T arange(long count, Device device) {
    TensorSpec spec = new TensorSpec(Shape.of(count), DType.INT64, device);
    return made("arange", new Expr.Coord(0), spec);
  }

  /// The numbers from `start` to `end`, exclusive, `step` apart: `ceil((end - start) / step)` of
  /// them (rule FC-2).
  ///
  /// @throws IllegalArgumentException if the step is 0 or leads away from the end
  default T arange(Scalar start, Scalar end, Scalar step, DType dtype, Device device) {
    long count = Ranges.count(start, end, step);
    TensorSpec spec = new TensorSpec(Shape.of(count), dtype, device);
    return made("arange", Ranges.steps(start, step, dtype), spec);
  }

  /// Numbers at equal distances from `start` to `end`, inclusive, as many as the one axis of `spec`
  /// holds.
  default T linspace(double start, double end, TensorSpec spec) {
    if (spec.rank() != 1) {
      throw new ShapeException("linspace: " + spec.shape() + " must have one axis");
    }
    return made("linspace", Ranges.between(start, end, spec), spec);
  }

  /// Ones on the diagonal of a matrix, zeros beside it.
  default T eye(TensorSpec spec) {
    if (spec.rank() != 2) {
      throw new ShapeException("eye: " + spec.shape() + " must have two axes");
    }
    Expr diagonal = Exprs.eq(new Expr.Coord(0), new Expr.Coord(1));
    return made("eye", Exprs.cast(spec.dtype(), diagonal), spec);
  }

  /// Uniform random numbers in [0, 1).
  default T rand(TensorSpec spec, long seed, long offset) {
    return made("rand", new Draws(spec, seed, offset).uniform(), spec);
  }

  /// Random numbers of the standard normal distribution.
  default T randn(TensorSpec spec, long seed, long offset) {
    return made("randn", new Draws(spec, seed, offset).normal(), spec);
  }

  /// Random integers from `low` to `high`, exclusive.
  ///
  /// @throws IllegalArgumentException if there are none, or more than a `long` counts
  default T randint(long low, long high, TensorSpec spec, long seed, long offset) {
    return made("randint", new Draws(spec, seed, offset).integers(low, high), spec);
  }

  /// Ones with probability `p`, else zeros: where a uniform float32 number is less than `p`.
  ///
  /// @throws IllegalArgumentException if `p` is not between 0 and 1
  default T bernoulli(double p, TensorSpec spec, long seed, long offset) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("bernoulli: p is " + p + "; it must be from 0 to 1");
    }
    Expr uniform = new Draws(spec.withDType(DType.FLOAT32), seed, offset).uniform();
    Expr drawn = Exprs.lt(uniform, Exprs.like(uniform, p));
    return made("bernoulli", Exprs.cast(spec.dtype(), drawn), spec);
  }

  /// The int64 numbers from 0 to `count`, exclusive, in random order: that of random keys.
  default T randperm(long count, Device device, long seed, long offset) {
    TensorSpec spec = new TensorSpec(Shape.of(count), DType.INT64, device);
    return randint(0, Long.MAX_VALUE, spec, seed, offset).argsort(0);
  }

  private T made(String name, Expr expr, TensorSpec spec) {
    return call(Map.of(name, expr, spec), List.of());
  }
}

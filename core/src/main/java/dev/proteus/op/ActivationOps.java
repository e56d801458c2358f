package dev.proteus.op;

import dev.proteus.type.Scalar;

/// The nonlinear functions between layers, one element at a time.
///
/// NaN passes through (rule DT-25); derivatives at kinks are those of section 7.5 of the rules.
///
/// @param <T> what operators are applied to
public interface ActivationOps<T extends TensorOps<T>> extends Value<T> {
  /// `1 / (1 + exp(-x))`.
  default T sigmoid() {
    return Pointwise.SIGMOID.call(self());
  }

  /// The logarithm of [#sigmoid()], exact for large sizes.
  default T logSigmoid() {
    return Pointwise.LOG_SIGMOID.call(self());
  }

  /// This, or 0 where negative; its derivative at 0 is 0.
  default T relu() {
    return Pointwise.RELU.call(self());
  }

  /// This kept between 0 and 6, flat at both.
  default T relu6() {
    return Pointwise.RELU6.call(self());
  }

  /// This, or `slope` times this where not positive.
  default T leakyRelu(double slope) {
    return Pointwise.LEAKY_RELU.call(self(), Scalar.of(slope));
  }

  /// This, or `alpha * (exp(x) - 1)` where not positive (Clevert et al., 2015).
  default T elu(double alpha) {
    return Pointwise.ELU.call(self(), Scalar.of(alpha));
  }

  /// This, or `alpha * (exp(x / alpha) - 1)` where not positive (Barron, 2017).
  default T celu(double alpha) {
    return Pointwise.CELU.call(self(), Scalar.of(alpha));
  }

  /// [#elu(double)] scaled so that layers keep mean and variance (Klambauer et al., 2017).
  default T selu() {
    return Pointwise.SELU.call(self());
  }

  /// This times the normal distribution's share below it (Hendrycks and Gimpel, 2016).
  default T gelu() {
    return Pointwise.GELU.call(self());
  }

  /// [#gelu()] approximated by a hyperbolic tangent.
  default T geluTanh() {
    return Pointwise.GELU_TANH.call(self());
  }

  /// This times its [#sigmoid()].
  default T silu() {
    return Pointwise.SILU.call(self());
  }

  /// This times the hyperbolic tangent of its [#softplus()] (Misra, 2019).
  default T mish() {
    return Pointwise.MISH.call(self());
  }

  /// `log(1 + exp(beta * x)) / beta`, and this itself where `beta * x` exceeds `threshold`.
  default T softplus(double beta, double threshold) {
    return Pointwise.SOFTPLUS.call(self(), Scalar.of(beta), Scalar.of(threshold));
  }

  /// `log(1 + exp(x))`.
  default T softplus() {
    return softplus(1, 20);
  }

  /// `x / (1 + |x|)`.
  default T softsign() {
    return Pointwise.SOFTSIGN.call(self());
  }

  /// This where it is positive, else times a learned slope: one for all, or one for each channel,
  /// which is axis 1 (He and others, "Delving deep into rectifiers", 2015).
  ///
  /// @param slope `[1]`, `[C]` or `[]`, of the type of this
  default T prelu(T slope) {
    return Pointwise.PRELU.call(self(), Channels.alongAxis1("prelu", slope, spec().shape()));
  }

  /// This moved toward 0 by `lambda`, and 0 where it is nearer.
  default T softshrink(double lambda) {
    return Pointwise.SOFTSHRINK.call(self(), Scalar.of(lambda));
  }

  /// This, or 0 where its size is at most `lambda`.
  default T hardshrink(double lambda) {
    return Pointwise.HARDSHRINK.call(self(), Scalar.of(lambda));
  }

  /// This less its hyperbolic tangent.
  default T tanhshrink() {
    return Pointwise.TANHSHRINK.call(self());
  }

  /// This where it exceeds `threshold`, else `value`.
  default T threshold(double threshold, double value) {
    return Pointwise.THRESHOLD.call(self(), Scalar.of(threshold), Scalar.of(value));
  }

  /// This kept between two bounds; unlike [PointwiseOps#clamp(double, double)] flat at both.
  default T hardtanh(double min, double max) {
    return Pointwise.HARDTANH.call(self(), Scalar.of(min), Scalar.of(max));
  }

  /// `x / 6 + 1/2` kept between 0 and 1.
  default T hardsigmoid() {
    return Pointwise.HARDSIGMOID.call(self());
  }

  /// This times its [#hardsigmoid()] (Howard et al., 2019).
  default T hardswish() {
    return Pointwise.HARDSWISH.call(self());
  }
}

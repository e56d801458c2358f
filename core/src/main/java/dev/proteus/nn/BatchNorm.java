package dev.proteus.nn;

import dev.proteus.error.ShapeException;
import dev.proteus.op.BatchStatistics;
import dev.proteus.op.Pointwise;
import dev.proteus.op.Term;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Buffer;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Channels `[N, C, *]` brought to mean 0 and variance 1, then scaled and moved: in training by the
/// batch's statistics, whose running mean is kept, in use by that (see [dev.proteus.op.BatchNorm]).
///
/// Parameters: `weight` and `bias`, `[C]`. Buffers: `running_mean` and `running_var`, `[C]`, the
/// latter unbiased, and the int64 number `num_batches_tracked`. In training they are written in
/// place, so one such module must not train in two threads at once.
public abstract sealed class BatchNorm extends Layer permits BatchNorm1d, BatchNorm2d, BatchNorm3d {
  private static final String BATCHES = "num_batches_tracked";

  private final InputSize channels;
  private final BatchNormOptions options;
  private final @Nullable Parameter weight;
  private final @Nullable Parameter bias;
  private final @Nullable Running running;

  private record Running(Buffer mean, Buffer var, Buffer batches) {}

  BatchNorm(InputSize channels, BatchNormOptions options) {
    this.channels = channels;
    this.options = options;
    boolean affine = options.affine() == Affine.LEARNED;
    weight = affine ? channels.parameter(this, "weight", BatchNorm::ones) : null;
    bias = affine ? channels.parameter(this, "bias", BatchNorm::zeros) : null;
    running =
        switch (options.statistics()) {
          case BATCH -> null;
          case RUNNING ->
              new Running(
                  channels.buffer(this, "running_mean", BatchNorm::zeros),
                  channels.buffer(this, "running_var", BatchNorm::ones),
                  buffer(BATCHES, BatchNorm::zero, Persistence.PERSISTENT));
        };
  }

  private static Tensor ones(long channels) {
    return Weights.ones(Shape.of(channels));
  }

  private static Tensor zeros(long channels) {
    return Weights.zeros(Shape.of(channels));
  }

  private static Tensor zero() {
    return Tensor.scalar(Scalar.of(0L));
  }

  /// @throws ShapeException if `input` has not the axes of this kind of layer
  abstract void checkRank(Shape input);

  final void checkRank(Shape input, int least, int most) {
    if (input.rank() < least || input.rank() > most) {
      throw new ShapeException(
          "%s: the input is %s; it must have %s axes"
              .formatted(typeName(), input, least == most ? "" + least : least + " or " + most));
    }
  }

  @Override
  protected final Tensor compute(Tensor input) {
    checkRank(input.shape());
    if (running != null && !isTraining()) {
      return weight == null || bias == null
          ? input.batchNormInference(running.mean(), running.var(), options.eps())
          : input.batchNormInference(running.mean(), running.var(), weight, bias, options.eps());
    }
    BatchStatistics<Tensor> batch =
        weight == null || bias == null
            ? input.batchNorm(options.eps())
            : input.batchNorm(weight, bias, options.eps());
    if (running != null) {
      Scope.noGrad(() -> track(running, batch, (double) input.numel() / input.size(1)));
    }
    return batch.output();
  }

  private void track(Running statistics, BatchStatistics<Tensor> batch, double values) {
    statistics.batches().add_(1);
    double share = options.momentum().orElseGet(() -> 1.0 / statistics.batches().itemLong());
    mix(statistics.mean(), batch.mean(), share);
    mix(statistics.var(), batch.var().mul(values / (values - 1)), share);
  }

  private static void mix(Tensor into, Tensor latest, double share) {
    Term weight = Term.of(Scalar.of(share));
    into.applyInPlace(
        Pointwise.LERP.of(List.of(Term.of(into.spec()), Term.of(latest.spec()), weight)),
        List.of(into, latest));
  }

  /// Since version 2, batches are counted.
  @Override
  protected final int stateVersion() {
    return 2;
  }

  @Override
  protected final StateDict upgrade(StateDict state, OptionalInt version) {
    boolean counts = version.orElse(1) >= 2 || state.contains(BATCHES) || running == null;
    return counts ? state : state.with(BATCHES, zero());
  }

  @Override
  protected final String details() {
    return "%s, eps=%s".formatted(channels(), options.eps());
  }

  private String channels() {
    return switch (channels) {
      case InputSize.Known(long size) -> Long.toString(size);
      case InputSize.OfFirstInput _ when weight != null -> InputSize.text(weight, 0, 1);
      case InputSize.OfFirstInput _ when running != null -> InputSize.text(running.mean(), 0, 1);
      case InputSize.OfFirstInput _ -> "?";
    };
  }
}

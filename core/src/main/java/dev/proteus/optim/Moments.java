package dev.proteus.optim;

import dev.proteus.tensor.Tensor;
import java.util.List;

/// What [Adam] and its kin remember of a parameter's gradients.
///
/// @param mean their mean
/// @param square the mean of their squares
record Moments(Tensor mean, Tensor square) {
  /// The moments of `p`, its present gradient included.
  static Moments updated(Fused fused, Tensor p, Tensor g, ParamState state, MomentOptions options) {
    Tensor mean = state.tensor("exp_avg", p, 0);
    Tensor square = state.tensor("exp_avg_sq", p, 0);
    List<Tensor> sources = List.of(g, p);
    fused.update("momentMean", options, mean, sources, options::mean);
    fused.update("momentSquare", options, square, sources, options::square);
    return new Moments(mean, square);
  }
}

package dev.proteus.nn;

import dev.proteus.tensor.Tensor;
import java.util.function.UnaryOperator;

/// How a transformer layer is built: `TransformerOptions.DEFAULT.withDropout(0)`.
///
/// @param hidden width between the two linear layers
/// @param dropout probability of dropping in training
/// @param activation function between the two linear layers
/// @param order where normalisation is
/// @param eps what is added to variances
public record TransformerOptions(
    long hidden, double dropout, UnaryOperator<Tensor> activation, Order order, double eps) {
  /// Where normalisation is.
  public enum Order {
    /// After each sum, as first published.
    POST,
    /// Before attention and before the linear layers.
    PRE
  }

  /// 2048 wide, dropout 0.1, relu, normalisation last, 1e-5.
  public static final TransformerOptions DEFAULT =
      new TransformerOptions(2048, 0.1, Tensor::relu, Order.POST, 1e-5);

  public TransformerOptions withHidden(long newHidden) {
    return new TransformerOptions(newHidden, dropout, activation, order, eps);
  }

  public TransformerOptions withDropout(double newDropout) {
    return new TransformerOptions(hidden, newDropout, activation, order, eps);
  }

  public TransformerOptions withActivation(UnaryOperator<Tensor> newActivation) {
    return new TransformerOptions(hidden, dropout, newActivation, order, eps);
  }

  public TransformerOptions withOrder(Order newOrder) {
    return new TransformerOptions(hidden, dropout, activation, newOrder, eps);
  }
}

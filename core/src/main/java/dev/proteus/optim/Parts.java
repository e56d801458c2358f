package dev.proteus.optim;

import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;

/// One long vector in parts, one for each parameter: each stays on its own device.
///
/// @param tensors the parts, in the order of the parameters
record Parts(List<Tensor> tensors) {
  Parts {
    tensors = List.copyOf(tensors);
  }

  double dot(Parts other) {
    double sum = 0;
    for (int i = 0; i < tensors.size(); i++) {
      sum += tensors.get(i).mul(other.tensors.get(i)).sum().item();
    }
    return sum;
  }

  /// This plus `factor` times `other`.
  Parts plus(Parts other, double factor) {
    List<Tensor> sums = new ArrayList<>(tensors.size());
    for (int i = 0; i < tensors.size(); i++) {
      sums.add(tensors.get(i).add(other.tensors.get(i).mul(factor)));
    }
    return new Parts(sums);
  }

  Parts times(double factor) {
    return each(t -> t.mul(factor));
  }

  Parts each(UnaryOperator<Tensor> change) {
    return new Parts(tensors.stream().map(change).toList());
  }

  /// The largest of the absolute values.
  double absMax() {
    return of(t -> t.abs().max().item()).max().orElse(0);
  }

  /// The sum of the absolute values.
  double absSum() {
    return of(t -> t.abs().sum().item()).sum();
  }

  private DoubleStream of(ToDoubleFunction<Tensor> number) {
    return tensors.stream().filter(t -> t.numel() > 0).mapToDouble(number);
  }

  /// Overwrites the parts with those of `source`.
  void take(Parts source) {
    for (int i = 0; i < tensors.size(); i++) {
      tensors.get(i).copy_(source.tensors.get(i));
    }
  }
}

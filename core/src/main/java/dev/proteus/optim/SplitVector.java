package dev.proteus.optim;

import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;

/// One long vector, split into a part for each parameter that stays on its own device.
///
/// @param tensors the parts, in the order of the parameters
record SplitVector(List<Tensor> tensors) {
  SplitVector {
    tensors = List.copyOf(tensors);
  }

  double dot(SplitVector other) {
    double sum = 0;
    for (int i = 0; i < tensors.size(); i++) {
      sum += tensors.get(i).mul(other.tensors.get(i)).sum().item();
    }
    return sum;
  }

  /// This plus `factor` times `other`.
  SplitVector plus(SplitVector other, double factor) {
    List<Tensor> sums = new ArrayList<>(tensors.size());
    for (int i = 0; i < tensors.size(); i++) {
      sums.add(tensors.get(i).add(other.tensors.get(i).mul(factor)));
    }
    return new SplitVector(sums);
  }

  SplitVector times(double factor) {
    return each(t -> t.mul(factor));
  }

  SplitVector each(UnaryOperator<Tensor> change) {
    return new SplitVector(tensors.stream().map(change).toList());
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
  void take(SplitVector source) {
    for (int i = 0; i < tensors.size(); i++) {
      tensors.get(i).copy_(source.tensors.get(i));
    }
  }
}

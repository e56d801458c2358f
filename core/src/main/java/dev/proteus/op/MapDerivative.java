package dev.proteus.op;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The gradients of a [Map], derived from its expression once and kept with it.
final class MapDerivative {
  private final List<Partial> partials;
  private final Saved saved;

  private MapDerivative(List<Partial> partials) {
    this.partials = List.copyOf(partials);
    this.saved = Partial.saved(partials);
  }

  static MapDerivative of(Map map, int inputs) {
    List<Partial> partials = new ArrayList<>(inputs);
    for (int i = 0; i < inputs; i++) {
      partials.add(Partial.of(map.name(), map.expr(), i, inputs, Partial.Result.SAVED));
    }
    return new MapDerivative(partials);
  }

  /// What the gradients read.
  Saved saved() {
    return saved;
  }

  /// The gradient for operand `input`, none if that is not floating.
  <T extends TensorOps<T>> @Nullable T gradient(int input, Backward<T> g) {
    if (!g.spec(input).dtype().isFloating()) {
      return null;
    }
    T upstream = g.grad();
    return switch (partials.get(input)) {
      case Partial.Zero _ -> upstream.zeros(g.spec(input));
      case Partial.Upstream _ -> upstream.sumTo(g.spec(input).shape());
      case Partial.Mapped mapped ->
          upstream.call(mapped.map(), mapped.operands(g, upstream)).sumTo(g.spec(input).shape());
    };
  }
}

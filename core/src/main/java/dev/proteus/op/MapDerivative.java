package dev.proteus.op;

/// The gradients of a [Map], derived from its expression and kept with it.
final class MapDerivative {
  private MapDerivative() {}

  static MapDerivative of(Map map, int inputs) {
    throw new UnsupportedOperationException(map.name() + inputs);
  }

  Saved saved() {
    return Saved.ALL;
  }

  <T extends TensorOps<T>> T gradient(int input, Backward<T> g) {
    throw new UnsupportedOperationException(input + "" + g);
  }
}

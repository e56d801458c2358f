package dev.proteus.nn;

import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SequencedMap;

/// Layers one after the other, named by their places `0`, `1` and so on, or by names of one's own.
///
/// ```java
/// var model = new Sequential(new Linear(784, 128), new Relu(), new Linear(128, 10));
/// Tensor logits = model.forward(images);
/// ```
public final class Sequential extends Layer implements Iterable<Layer> {
  private final List<Layer> layers;

  public Sequential(Layer... layers) {
    this(List.of(layers));
  }

  public Sequential(List<? extends Layer> layers) {
    List<Layer> registered = new ArrayList<>();
    for (Layer layer : layers) {
      registered.add(module(String.valueOf(registered.size()), layer));
    }
    this.layers = List.copyOf(registered);
  }

  /// Layers with names, in the order of the map.
  public Sequential(SequencedMap<String, ? extends Layer> layers) {
    List<Layer> registered = new ArrayList<>();
    layers.forEach((name, layer) -> registered.add(module(name, layer)));
    this.layers = List.copyOf(registered);
  }

  /// The layer at a place.
  public Layer get(int place) {
    return layers.get(place);
  }

  public int size() {
    return layers.size();
  }

  @Override
  public Iterator<Layer> iterator() {
    return layers.iterator();
  }

  @Override
  protected Tensor compute(Tensor input) {
    Tensor value = input;
    for (Layer layer : layers) {
      value = layer.forward(value);
    }
    return value;
  }
}

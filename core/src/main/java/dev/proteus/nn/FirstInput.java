package dev.proteus.nn;

import dev.proteus.tensor.Replacement;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// The tensors of a layer that get shape and values from its first input (rules SD-61, SD-62).
record FirstInput(List<Wish> wishes) {
  static final FirstInput NOTHING = new FirstInput(List.of());

  record Wish(Tensor target, Function<Tensor, Tensor> initial) {}

  FirstInput {
    wishes = List.copyOf(wishes);
  }

  FirstInput and(Tensor target, Function<Tensor, Tensor> initial) {
    List<Wish> more = new ArrayList<>(wishes);
    more.add(new Wish(target, initial));
    return new FirstInput(more);
  }

  /// Initialises all that is uninitialized, or nothing. Of calls at the same time, one does. What
  /// it makes can be trained also when the first call is made in inference mode.
  ///
  /// @throws IllegalStateException if a tensor of the layer is left over (rule SD-62)
  synchronized void arrive(Layer layer, Tensor input) {
    Scope.withGrad(Scope.Grad.DISABLED, () -> Scope.memory(() -> initialize(input)));
    refuseLeftOvers(layer);
  }

  private Optional<Void> initialize(Tensor input) {
    List<Replacement> contents = new ArrayList<>();
    for (Wish wish : wishes) {
      if (wish.target.isUninitialized()) {
        contents.add(new Replacement(wish.target, content(wish, input)));
      }
    }
    Tensor.replaceAll(contents);
    return Optional.empty();
  }

  private static Tensor content(Wish wish, Tensor input) {
    Tensor target = wish.target;
    Tensor made = Scope.on(target.device(), () -> typed(target, () -> wish.initial.apply(input)));
    Tensor fitting = made.to(target.device(), target.dtype());
    return fitting.sharesStorageWith(input) ? fitting.clone() : fitting.detach();
  }

  private static Tensor typed(Tensor target, Supplier<Tensor> initial) {
    return target.dtype().isFloating() ? Scope.withDType(target.dtype(), initial) : initial.get();
  }

  private static void refuseLeftOvers(Layer layer) {
    layer
        .registry()
        .tensors()
        .forEach((name, tensor) -> {
          if (tensor.isUninitialized()) {
            throw new IllegalStateException(
                "forward: %s has not been fully initialized: '%s' has no shape after the first"
                        .formatted(layer.typeName(), name)
                    + " input; call onFirstInput for it in the constructor (rule SD-62)");
          }
        });
  }
}

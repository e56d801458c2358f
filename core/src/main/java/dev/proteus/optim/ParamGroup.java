package dev.proteus.optim;

import dev.proteus.nn.Module;
import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// Parameters that share hyperparameters.
///
/// @param <O> the hyperparameters
public final class ParamGroup<O extends Hyperparameters<O>> {
  private final List<Tensor> parameters;
  private final List<String> names;
  private final Optional<Membership> membership;

  /// Changed by the thread that steps.
  private O options;

  private OptionalDouble initialLr = OptionalDouble.empty();

  private ParamGroup(
      List<? extends Tensor> parameters,
      List<String> names,
      O options,
      Optional<Membership> membership) {
    this.parameters = List.copyOf(parameters);
    this.names = List.copyOf(names);
    this.options = options;
    this.membership = membership;
    check();
  }

  /// Parameters known by their order.
  ///
  /// @throws IllegalArgumentException if there are none, or one is twice there or not a leaf (rules
  ///   OP-1, OP-3)
  public static <O extends Hyperparameters<O>> ParamGroup<O> of(
      List<? extends Tensor> parameters, O options) {
    return new ParamGroup<>(parameters, List.of(), options, Optional.empty());
  }

  /// Parameters known by their names, as `Module.namedParameters()` gives them.
  ///
  /// @throws IllegalArgumentException if there are none, or one is twice there or not a leaf (rules
  ///   OP-1, OP-3)
  public static <O extends Hyperparameters<O>> ParamGroup<O> named(
      SequencedMap<String, ? extends Tensor> parameters, O options) {
    return named(parameters, options, Optional.empty());
  }

  /// The parameters of a module, known by their paths. The optimizer warns when one of them is no
  /// longer the module's, because another was registered in its place; it does not keep the module.
  ///
  /// @throws IllegalArgumentException if there are none (rule OP-1)
  public static <O extends Hyperparameters<O>> ParamGroup<O> of(Module module, O options) {
    return named(module.namedParameters(), options, Optional.of(new Membership(module)));
  }

  private static <O extends Hyperparameters<O>> ParamGroup<O> named(
      SequencedMap<String, ? extends Tensor> parameters,
      O options,
      Optional<Membership> membership) {
    return new ParamGroup<>(
        List.copyOf(parameters.sequencedValues()),
        List.copyOf(parameters.sequencedKeySet()),
        options,
        membership);
  }

  private void check() {
    if (parameters.isEmpty()) {
      throw new IllegalArgumentException("optimizer: a group has no parameters (rule OP-1)");
    }
    for (int i = 0; i < parameters.size(); i++) {
      Tensor parameter = parameters.get(i);
      if (!parameter.isLeaf()) {
        throw new IllegalArgumentException(
            "optimizer: %s is the result of a recorded call; only leaves can be optimized (rule"
                    .formatted(name(i))
                + " OP-1)");
      }
      if (parameters.indexOf(parameter) != i) {
        throw new IllegalArgumentException(
            "optimizer: %s is in its group already, as %s (rule OP-3)"
                .formatted(name(i), name(parameters.indexOf(parameter))));
      }
    }
  }

  /// The parameters, in order.
  public List<Tensor> parameters() {
    return parameters;
  }

  /// Their names, in the same order, or none.
  public List<String> names() {
    return names;
  }

  /// What a message calls the parameter at this place.
  String name(int place) {
    return names.isEmpty() ? "parameter " + place : "'" + names.get(place) + "'";
  }

  /// Says which parameters were lost since the last step, if this can be known.
  void checkMembership() {
    membership.ifPresent(m -> m.check(parameters, names));
  }

  public O options() {
    return options;
  }

  /// Replaces the hyperparameters from the next step on.
  public void options(O newOptions) {
    options = newOptions;
  }

  public double lr() {
    return options.lr();
  }

  /// Replaces the learning rate from the next step on.
  public void lr(double newLr) {
    options = options.withLr(newLr);
  }

  /// The learning rate before the first scheduler changed it (rule OP-50).
  public OptionalDouble initialLr() {
    return initialLr;
  }

  void initialLr(OptionalDouble known) {
    initialLr = known;
  }

  /// Where a scheduler starts: the initial learning rate, which is the present one if none was
  /// known.
  double startLr() {
    if (initialLr.isEmpty()) {
      initialLr = OptionalDouble.of(lr());
    }
    return initialLr.getAsDouble();
  }
}

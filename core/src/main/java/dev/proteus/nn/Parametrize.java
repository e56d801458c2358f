package dev.proteus.nn;

import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Device;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Lets a module compute one of its parameters from others at each call: what PyTorch calls
/// `torch.nn.utils.parametrize` (rules SD-70 to SD-72).
///
/// The parameter stays the same tensor and becomes `parametrizations.NAME.original`, so optimizers
/// go on training it. Where the module's code gives it to an operator, the operator gets the
/// computed value; whoever reads its shape or values directly sees the original.
///
/// ```java
/// Parametrize.register(linear, "weight", Parametrization.of(w -> w.triu(0)));
/// linear.forward(x); // x · triu(original)ᵀ + bias
/// Parametrize.remove(linear, "weight", Parametrize.Leave.VALUE);
/// ```
public final class Parametrize {
  private Parametrize() {}

  /// What a parametrization may do to its parameter (rule SD-72).
  public enum Safety {
    /// The value has the parameter's shape, type and device.
    CHECKED,
    /// Nobody looks. What the module derives from the parameter's shape may be wrong.
    UNSAFE
  }

  /// What a parameter holds when it is no longer computed (rule SD-71).
  public enum Leave {
    /// The value computed last from the originals.
    VALUE,
    /// What the original holds.
    ORIGINAL
  }

  /// Lets the parameter `name` of `module` be computed; see [#register(Module, String,
  /// Parametrization, Safety)].
  public static void register(Module module, String name, Parametrization parametrization) {
    register(module, name, parametrization, Safety.CHECKED);
  }

  /// Lets the parameter `name` of `module` be computed. If it is so already, `parametrization` is
  /// applied to what those before it make.
  ///
  /// @throws IllegalStateException if `module` has no such parameter of its own, or it is
  ///   uninitialized
  /// @throws IllegalArgumentException if the value does not fit the parameter, or the module has
  ///   something else named `parametrizations`; nothing has changed then
  public static void register(
      Module module, String name, Parametrization parametrization, Safety safety) {
    Optional<ParametrizedTensor> present = find(module, name);
    if (present.isPresent()) {
      append(present.get(), name, parametrization, safety);
    } else {
      new Registration(module, name, parametrization, safety).run();
    }
  }

  private static void append(
      ParametrizedTensor tensor, String name, Parametrization next, Safety safety) {
    Scope.noGrad(() ->
        Scope.memory(() -> {
          Tensor before = tensor.compute();
          Registration.check(name, before, next.compute(List.of(before)), safety);
        }));
    tensor.append(next);
  }

  /// Lets the parameter `name` of `module` be a parameter like others again, under its name and in
  /// its place. Its content is replaced, never the tensor; of several originals only the value can
  /// be left, and they are learned no longer.
  ///
  /// @throws IllegalStateException if it is not computed
  /// @throws IllegalArgumentException if an original shall be left and there are several
  public static void remove(Module module, String name, Leave leave) {
    ParametrizedTensor tensor = present(module, name);
    switch (leave) {
      case VALUE -> leaveValue(tensor);
      case ORIGINAL -> checkOriginal(tensor, name);
    }
    Parametrizations all = Parametrizations.of(module).orElseThrow();
    all.restore(name, tensor.handle(), module.registry().parameters());
    if (all.children().isEmpty()) {
      module.registry().remove(Parametrizations.NAME);
    }
  }

  /// The gradient of the original is none of the value.
  private static void leaveValue(ParametrizedTensor tensor) {
    Scope.withGrad(
        Scope.Grad.DISABLED,
        () ->
            Scope.memory(() -> {
              Tensor value = tensor.compute();
              Tensor own = value.isView() || value == tensor.handle() ? value.clone() : value;
              Tensor.replace(tensor.handle(), own.detach());
              return Optional.empty();
            }));
    tensor.handle().clearGrad();
  }

  private static void checkOriginal(ParametrizedTensor tensor, String name) {
    if (!tensor.isOriginal()) {
      throw new IllegalArgumentException(
          "remove: '%s' is computed from several originals, none of which could take its place;"
                  .formatted(name)
              + " leave the value (rule SD-71)");
    }
  }

  /// Whether the parameter `name` of `module` is computed.
  public static boolean isParametrized(Module module, String name) {
    return find(module, name).isPresent();
  }

  /// The computed value of the parameter `name` of `module`, with its history.
  ///
  /// @throws IllegalStateException if it is not computed
  public static Tensor value(Module module, String name) {
    return Parametrizations.value(present(module, name));
  }

  /// Runs `body` with each value computed once, for a module that is called often between two
  /// updates. Originals must not change inside.
  public static <R> R cached(Supplier<R> body) {
    return Parametrizations.cached(body);
  }

  /// Lets `module` learn length and direction of its weight apart: `g · v/‖v‖`, a norm for each
  /// index of the first axis. Originals: `original0`, which is g, and `original1`, which is v
  /// (Salimans, Kingma, "Weight normalization", 2016).
  public static <M extends Module> M weightNorm(M module) {
    register(module, "weight", new WeightNorm());
    return module;
  }

  /// Lets the weight of `module` be divided by its largest singular value, which is estimated by
  /// one step of the power method at each call in training (Miyato and others, "Spectral
  /// normalization for generative adversarial networks", 2018).
  public static <M extends Module> M spectralNorm(M module) {
    register(module, "weight", new SpectralNorm(module.parameter("weight")));
    return module;
  }

  /// Keeps the columns of the weight of `module` orthonormal, or its rows where there are fewer of
  /// them, while it is learned. Of a weight with more than two axes, each matrix of the last two is
  /// kept so. It starts as the orthonormal matrix nearest to what it was; the original starts as
  /// zeros and says how far to turn it (Lezcano-Casado, "Trivializations for gradient-based
  /// optimization on manifolds", 2019).
  ///
  /// @throws dev.proteus.error.ShapeException if the weight has fewer than two axes
  public static <M extends Module> M orthogonal(M module) {
    register(module, "weight", new Orthogonal(module.parameter("weight")));
    return module;
  }

  private static Optional<ParametrizedTensor> find(Module module, String name) {
    return Parametrizations.of(module).flatMap(all -> all.find(name));
  }

  private static ParametrizedTensor present(Module module, String name) {
    return find(module, name)
        .orElseThrow(() ->
            new IllegalStateException(
                "parametrization: '%s' of %s is not computed; register one first (rule SD-70)"
                    .formatted(name, module.typeName())));
  }

  /// The first parametrization of a parameter: everything is made and checked, then all is put in
  /// place.
  private record Registration(
      Module module, String name, Parametrization parametrization, Safety safety) {
    void run() {
      Parameter handle = own();
      checkName();
      Scope.withGrad(Scope.Grad.DISABLED, () -> Scope.memory(() -> moved(handle)));
    }

    private Parameter own() {
      Parameter handle = module.registry().parameters().get(name);
      if (handle == null) {
        throw new IllegalStateException(
            "parametrization: %s has no parameter '%s' of its own; it has %s"
                .formatted(module.typeName(), name, module.registry().parameters().keySet()));
      }
      handle.spec();
      return handle;
    }

    private void checkName() {
      boolean isTaken =
          module.registry().tensors().containsKey(Parametrizations.NAME)
              || module.children().containsKey(Parametrizations.NAME)
                  && Parametrizations.of(module).isEmpty();
      if (isTaken) {
        throw new IllegalArgumentException(
            "parametrization: %s has something else named '%s'; rename it"
                .formatted(module.typeName(), Parametrizations.NAME));
      }
    }

    private Optional<Void> moved(Parameter handle) {
      List<Tensor> made = parametrization.originals(handle);
      check(name, handle, parametrization.compute(made), safety);
      ParametrizedTensor tensor = new ParametrizedTensor(handle, originals(handle, made));
      tensor.append(parametrization);
      Parametrizations all =
          Parametrizations.of(module)
              .orElseGet(() -> new Parametrizations(module.registry().parameters().keySet()));
      module.module(Parametrizations.NAME, all).put(name, tensor);
      module.registry().parameters().remove(name);
      return Optional.empty();
    }

    /// One original is the parameter itself, with another content if need be (rule SW-62). Several
    /// are new; the parameter keeps its shape and no data.
    private static List<Parameter> originals(Parameter handle, List<Tensor> made) {
      boolean isOne = made.size() == 1;
      if (isOne && made.getFirst() == handle) {
        return List.of(handle);
      }
      List<Tensor> own =
          made.stream().map(t -> t.sharesStorageWith(handle) ? t.clone() : t.detach()).toList();
      List<Parameter> originals =
          isOne ? List.of(handle) : own.stream().map(Parameter::of).toList();
      for (Parameter original : originals) {
        original.requiresGrad_(handle.requiresGrad());
        if (handle.isDTypePinned()) {
          original.pinDType();
        }
      }
      Tensor.replace(handle, isOne ? own.getFirst() : handle.emptyLike(Device.META));
      handle.clearGrad();
      return originals;
    }

    static void check(String name, Tensor parameter, Tensor value, Safety safety) {
      if (safety == Safety.CHECKED && !value.spec().equals(parameter.spec())) {
        throw new IllegalArgumentException(
            "parametrization: the value of '%s' would be %s, the parameter is %s; keep shape, type"
                    .formatted(name, value.spec(), parameter.spec())
                + " and device, or register it as UNSAFE (rule SD-72)");
      }
    }
  }
}

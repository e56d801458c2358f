package dev.proteus.nn;

import dev.proteus.error.DTypeException;
import dev.proteus.error.DeviceOutOfMemoryException;
import dev.proteus.error.NoDataException;
import dev.proteus.spi.Backends;
import dev.proteus.tensor.Replacement;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Gives all tensors of a module new contents, in two phases (rule TO-33): first every content is
/// made, seen by nobody; then all are put in place, which cannot fail. Each tensor is converted
/// once, however many names it has, so tied ones stay tied (rule TO-29).
final class Conversion {
  private final String operator;
  private final UnaryOperator<TensorSpec> wanted;
  private final Maker maker;
  private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
  private final Set<Tensor> known = new HashSet<>();

  /// How the content of a tensor is made anew.
  private interface Maker {
    Tensor make(String path, Tensor tensor, TensorSpec wanted);
  }

  private Conversion(
      Module module, String operator, UnaryOperator<TensorSpec> wanted, Maker maker) {
    this.operator = operator;
    this.wanted = wanted;
    this.maker = maker;
    module
        .namedParameters()
        .forEach((path, parameter) -> {
          add(path, parameter);
          parameter.grad().ifPresent(grad -> add(path + ".grad", grad));
        });
    module.namedBuffers().forEach(this::add);
  }

  private void add(String path, Tensor tensor) {
    if (known.add(tensor)) {
      tensors.put(path, tensor);
    }
  }

  static void to(Module module, UnaryOperator<TensorSpec> wanted, Device device) {
    open(device);
    to(module, wanted);
  }

  static void to(Module module, UnaryOperator<TensorSpec> wanted) {
    Conversion conversion = new Conversion(module, "to", wanted, Conversion::copy);
    conversion.tensors.values().removeIf(t -> wanted.apply(known(t)).equals(known(t)));
    conversion.run();
  }

  static void toEmpty(Module module, Device device) {
    open(device);
    new Conversion(module, "toEmpty", spec -> spec.withDevice(device), Conversion::empty).run();
  }

  static void materialize(Module module, Device device) {
    open(device);
    InitialValues initial = InitialValues.of(module);
    initial.checkKnown(module.onMeta());
    Conversion conversion =
        new Conversion(
            module,
            "materialize",
            spec -> spec.withDevice(device),
            (_, tensor, wanted) -> initial.make(tensor, wanted));
    conversion.tensors.values().removeIf(tensor -> !tensor.device().isMeta());
    conversion.run();
  }

  /// A missing backend is an error before anything else (rule TO-5).
  private static void open(Device device) {
    if (!device.isMeta()) {
      Backends.of(device);
    }
  }

  static void checkFloating(DType dtype) {
    if (!dtype.isFloating()) {
      throw new DTypeException(
          "to: a module takes floating types only, not " + dtype + " (rule TO-2)");
    }
  }

  static TensorSpec floating(TensorSpec spec, DType dtype) {
    return spec.dtype().isFloating() ? spec.withDType(dtype) : spec;
  }

  private static Tensor copy(String path, Tensor tensor, TensorSpec wanted) {
    if (tensor.device().isMeta() && !wanted.device().isMeta()) {
      throw new NoDataException(
          "to: cannot copy '%s' to %s: it is on the meta device and has no data; use toEmpty and"
                  .formatted(path, wanted.device())
              + " initialise, or load with assign (rule TO-35)");
    }
    return tensor.to(wanted.device(), wanted.dtype());
  }

  private static Tensor empty(String path, Tensor tensor, TensorSpec wanted) {
    return tensor.emptyLike(wanted.device());
  }

  private void run() {
    if (tensors.isEmpty()) {
      return;
    }
    Scope.noGrad(() ->
        Scope.memory(() -> {
          List<Replacement> replacements = new ArrayList<>();
          tensors.forEach((path, t) -> replacements.add(new Replacement(t, content(path, t))));
          Tensor.replaceAll(replacements);
        }));
  }

  /// The spec of a tensor; of an uninitialized one, type and device, with no elements (rule SD-64).
  private static TensorSpec known(Tensor tensor) {
    return tensor.isUninitialized()
        ? new TensorSpec(Shape.of(0), tensor.dtype(), tensor.device())
        : tensor.spec();
  }

  private Tensor content(String path, Tensor tensor) {
    TensorSpec spec = wanted.apply(known(tensor));
    if (tensor.isUninitialized()) {
      return tensor.to(spec.device(), spec.dtype());
    }
    try {
      return Scope.memory(() -> maker.make(path, tensor, spec));
    } catch (DeviceOutOfMemoryException e) {
      long all = tensors.values().stream().mapToLong(t -> wanted.apply(known(t)).bytes()).sum();
      throw new DeviceOutOfMemoryException(
          "%s: no room for '%s', %s; the module needs %s bytes in all and has not changed: %s"
              .formatted(operator, path, spec, all, e.getMessage()),
          e);
    }
  }
}

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
  private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
  private final Set<Tensor> known = new HashSet<>();
  private final List<Replacement> replacements = new ArrayList<>();

  /// How the content of a tensor is made anew.
  private interface Maker {
    Tensor make(Tensor tensor, TensorSpec wanted);
  }

  private Conversion(Module module) {
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
    Conversion conversion = new Conversion(module);
    conversion.tensors.values().removeIf(t -> wanted.apply(t.spec()).equals(t.spec()));
    conversion.run("to", wanted, (tensor, spec) -> tensor.to(spec.device(), spec.dtype()));
  }

  static void toEmpty(Module module, Device device) {
    open(device);
    new Conversion(module)
        .run(
            "toEmpty",
            spec -> spec.withDevice(device),
            (_, spec) -> Scope.on(device, () -> Tensor.empty(spec.shape(), spec.dtype())));
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

  private void run(String operator, UnaryOperator<TensorSpec> wanted, Maker maker) {
    if (tensors.isEmpty()) {
      return;
    }
    Scope.noGrad(() ->
        Scope.memory(() -> {
          tensors.forEach((path, t) -> prepare(operator, path, t, wanted.apply(t.spec()), maker));
          Tensor.replaceAll(replacements);
        }));
  }

  private void prepare(
      String operator, String path, Tensor tensor, TensorSpec wanted, Maker maker) {
    if (operator.equals("to") && tensor.device().isMeta() && !wanted.device().isMeta()) {
      throw new NoDataException(
          "to: cannot copy '%s' to %s: it is on the meta device and has no data; use toEmpty and"
                  .formatted(path, wanted.device())
              + " initialise, or load with assign (rule TO-35)");
    }
    try {
      Tensor content = Scope.memory(() -> maker.make(tensor, wanted));
      replacements.add(new Replacement(tensor, content));
    } catch (DeviceOutOfMemoryException e) {
      throw new DeviceOutOfMemoryException(
          "%s: no room for '%s', %s; the module needs %s bytes in all and has not changed: %s"
              .formatted(operator, path, wanted, bytes(wanted.device()), e.getMessage()),
          e);
    }
  }

  private long bytes(Device device) {
    return tensors.values().stream().mapToLong(t -> t.spec().withDevice(device).bytes()).sum();
  }
}

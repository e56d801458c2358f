package dev.proteus.oracle;

import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// One call to compare: `conv2d:grad x=float32[1,1,3,3]~ties#5 weight=… stride=[1,1]`. Its text is
/// all that is needed to run it again.
///
/// @param rule the rule's name
/// @param mode what is compared
/// @param arguments by name, in order
record Case(String rule, Mode mode, Map<String, Value> arguments) {
  /// What is compared.
  enum Mode {
    /// The results.
    VALUE,
    /// The results written into the first operand.
    INPLACE,
    /// The gradients of the operands.
    GRAD,
    /// The gradients of the gradients.
    GRADGRAD;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Case {
    arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
  }

  /// This with another argument in place of one that it has.
  Case with(String name, Value value) {
    Map<String, Value> changed = new LinkedHashMap<>(arguments);
    changed.put(name, value);
    return new Case(rule, mode, changed);
  }

  boolean wantsGradients() {
    return mode == Mode.GRAD || mode == Mode.GRADGRAD;
  }

  /// What the gradient of the result of this number is multiplied with.
  static Operand cotangent(DType dtype, Shape shape, int number) {
    return new Operand(dtype, shape, Placement.PLAIN, Fill.NORMAL, 1000 + number);
  }

  Value argument(String name, Value otherwise) {
    return arguments.getOrDefault(name, otherwise);
  }

  Value argument(String name) {
    Value value = arguments.get(name);
    if (value == null) {
      throw new IllegalArgumentException(this + " has no argument " + name);
    }
    return value;
  }

  double real(String name) {
    return argument(name) instanceof Value.Real(double value) ? value : 0;
  }

  boolean flag(String name) {
    return argument(name).equals(new Value.Truth(true));
  }

  /// All operands, also those in lists.
  List<Operand> operands() {
    return arguments.values().stream()
        .<Operand>mapMulti((value, to) -> {
          if (value instanceof Operand operand) {
            to.accept(operand);
          } else if (value instanceof Value.Operands(List<Operand> all)) {
            all.forEach(to);
          }
        })
        .toList();
  }

  @Override
  public String toString() {
    String head = mode == Mode.VALUE ? rule : rule + ":" + mode;
    return arguments.entrySet().stream()
        .map(entry -> " " + entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining("", head, ""));
  }
}

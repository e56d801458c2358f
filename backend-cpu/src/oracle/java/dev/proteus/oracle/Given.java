package dev.proteus.oracle;

import dev.proteus.op.Keep;
import dev.proteus.op.Reduction;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The arguments of a case as Proteus takes them.
final class Given {
  private final Case drawn;
  private final Map<String, List<Tensor>> tensors;

  /// @param tensors the operands by the names of their arguments
  Given(Case drawn, Map<String, List<Tensor>> tensors) {
    this.drawn = drawn;
    this.tensors = Map.copyOf(tensors);
  }

  Tensor x() {
    return t("x");
  }

  Tensor y() {
    return t("y");
  }

  Tensor t(String name) {
    if (list(name).isEmpty()) {
      throw new IllegalArgumentException("case: " + drawn + " has no operand " + name);
    }
    return list(name).getFirst();
  }

  /// An operand that may be left out.
  Optional<Tensor> maybe(String name) {
    return has(name) ? Optional.of(t(name)) : Optional.empty();
  }

  List<Tensor> list(String name) {
    return tensors.getOrDefault(name, List.of());
  }

  boolean has(String name) {
    return !(drawn.argument(name) instanceof Value.Absent);
  }

  int axis() {
    return number("axis");
  }

  int[] axes() {
    return numbers("axes");
  }

  Keep keep() {
    return flag("keepdim") ? Keep.AXES : Keep.NONE;
  }

  Reduction reduction() {
    return Reduction.valueOf(word("reduction").toUpperCase(Locale.ROOT));
  }

  DType dtype() {
    return DType.parse(word("dtype"));
  }

  long whole(String name) {
    return switch (drawn.argument(name)) {
      case Value.Whole(long value) -> value;
      case Value other -> throw wrong(name, other);
    };
  }

  int number(String name) {
    return Math.toIntExact(whole(name));
  }

  double real(String name) {
    return switch (drawn.argument(name)) {
      case Value.Real(double value) -> value;
      case Value.Whole(long value) -> value;
      case Value other -> throw wrong(name, other);
    };
  }

  Scalar scalar(String name) {
    return switch (drawn.argument(name)) {
      case Value.Whole(long value) -> Scalar.of(value);
      case Value.Real(double value) -> Scalar.of(value);
      case Value.Truth(boolean value) -> Scalar.of(value);
      case Value other -> throw wrong(name, other);
    };
  }

  boolean flag(String name) {
    return switch (drawn.argument(name)) {
      case Value.Truth(boolean value) -> value;
      case Value other -> throw wrong(name, other);
    };
  }

  String word(String name) {
    return drawn.argument(name).toString();
  }

  long[] wholes(String name) {
    return switch (drawn.argument(name)) {
      case Value.Wholes(List<Long> all) -> all.stream().mapToLong(Long::longValue).toArray();
      case Value.Absent _ -> new long[0];
      case Value other -> throw wrong(name, other);
    };
  }

  int[] numbers(String name) {
    long[] wholes = wholes(name);
    int[] numbers = new int[wholes.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Math.toIntExact(wholes[i]);
    }
    return numbers;
  }

  double[] reals(String name) {
    return switch (drawn.argument(name)) {
      case Value.Reals(List<Double> all) -> all.stream().mapToDouble(Double::doubleValue).toArray();
      case Value other -> throw wrong(name, other);
    };
  }

  Shape shape(String name) {
    return Shape.of(wholes(name));
  }

  private static IllegalArgumentException wrong(String name, Value value) {
    return new IllegalArgumentException("case: %s=%s has another kind".formatted(name, value));
  }
}

package dev.proteus.tensor;

import dev.proteus.error.StateDictException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

/// What a value of a [Kind] consists of: tensors by name, and everything else as texts by name, so
/// that it can be moved, copied, written to a file and read again (rule SC-15).
///
/// @param tensors the tensors, in order
/// @param attributes everything else
public record Parts(SequencedMap<String, Tensor> tensors, SequencedMap<String, String> attributes) {
  public Parts {
    tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
    attributes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(attributes));
  }

  /// One tensor; others are added by [#and(String, Tensor)].
  public static Parts of(String name, Tensor tensor) {
    return new Parts(new LinkedHashMap<>(Map.of(name, tensor)), new LinkedHashMap<>());
  }

  /// These and another tensor.
  public Parts and(String name, Tensor tensor) {
    SequencedMap<String, Tensor> more = new LinkedHashMap<>(tensors);
    more.put(name, tensor);
    return new Parts(more, attributes);
  }

  /// These and a text.
  public Parts and(String name, String text) {
    SequencedMap<String, String> more = new LinkedHashMap<>(attributes);
    more.put(name, text);
    return new Parts(tensors, more);
  }

  /// These and a number, exactly.
  public Parts and(String name, double number) {
    return and(name, Double.toString(number));
  }

  /// The tensor of this name.
  ///
  /// @throws StateDictException if there is none
  public Tensor tensor(String name) {
    return present(tensors, name, "tensor");
  }

  /// The text of this name.
  ///
  /// @throws StateDictException if there is none
  public String text(String name) {
    return present(attributes, name, "attribute");
  }

  /// The number of this name.
  ///
  /// @throws StateDictException if there is none, or if it is no number
  public double number(String name) {
    String text = text(name);
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new StateDictException(
          "parts: attribute '%s' is '%s'; it must be a number".formatted(name, text), e);
    }
  }

  /// These with each tensor replaced.
  public Parts map(UnaryOperator<Tensor> change) {
    SequencedMap<String, Tensor> changed = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> changed.put(name, change.apply(tensor)));
    return new Parts(changed, attributes);
  }

  /// Names, shapes and types, and the attributes.
  String described() {
    StringBuilder text = new StringBuilder();
    tensors.forEach(
        (name, tensor) -> text.append(name).append(' ').append(tensor.spec()).append(", "));
    return text.append(attributes).toString();
  }

  private static <V> V present(Map<String, V> members, String name, String what) {
    V member = members.get(name);
    if (member == null) {
      throw new StateDictException(
          "parts: there is no %s '%s' among %s".formatted(what, name, members.keySet()));
    }
    return member;
  }
}

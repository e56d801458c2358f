package dev.proteus.optim;

import dev.proteus.error.StateDictException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// Hyperparameters as texts by name, as a state dict keeps them.
public final class Texts {
  private final SequencedMap<String, String> byName = new LinkedHashMap<>();

  /// No texts yet.
  public Texts() {}

  /// Texts that were kept.
  public Texts(Map<String, String> byName) {
    this.byName.putAll(byName);
  }

  public Texts with(String name, double value) {
    byName.put(name, Double.toString(value));
    return this;
  }

  public Texts with(String name, Enum<?> value) {
    byName.put(name, value.name());
    return this;
  }

  /// All texts by name.
  public SequencedMap<String, String> byName() {
    return byName;
  }

  /// The number of this name.
  ///
  /// @throws StateDictException if there is none
  public double number(String name) {
    String text = text(name);
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new StateDictException(
          "optimizer: '%s' is '%s'; it must be a number".formatted(name, text), e);
    }
  }

  /// The constant of this name.
  ///
  /// @throws StateDictException if there is none
  public <E extends Enum<E>> E constant(String name, Class<E> type) {
    String text = text(name);
    try {
      return Enum.valueOf(type, text);
    } catch (IllegalArgumentException e) {
      throw new StateDictException(
          "optimizer: '%s' is '%s', no %s".formatted(name, text, type.getSimpleName()), e);
    }
  }

  private String text(String name) {
    String text = byName.get(name);
    if (text == null) {
      throw new StateDictException(
          "optimizer: the state dict has no '%s' among %s".formatted(name, byName.keySet()));
    }
    return text;
  }
}

package dev.proteus.oracle;

import java.util.List;
import java.util.stream.Collectors;

/// An argument of a case. Its text reads back as itself: see [CaseText].
sealed interface Value
    permits Operand,
        Value.Operands,
        Value.Whole,
        Value.Real,
        Value.Truth,
        Value.Wholes,
        Value.Reals,
        Value.Word,
        Value.Absent {
  /// Several tensors, such as those to join.
  record Operands(List<Operand> all) implements Value {
    public Operands {
      all = List.copyOf(all);
    }

    @Override
    public String toString() {
      return all.stream().map(Operand::toString).collect(Collectors.joining(";", "(", ")"));
    }
  }

  /// An integer.
  record Whole(long value) implements Value {
    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  /// A real number.
  record Real(double value) implements Value {
    @Override
    public String toString() {
      return Double.toString(value);
    }
  }

  /// A truth value.
  record Truth(boolean value) implements Value {
    @Override
    public String toString() {
      return Boolean.toString(value);
    }
  }

  /// Integers.
  record Wholes(List<Long> all) implements Value {
    public Wholes {
      all = List.copyOf(all);
    }

    @Override
    public String toString() {
      return all.toString().replace(" ", "");
    }
  }

  /// Real numbers.
  record Reals(List<Double> all) implements Value {
    public Reals {
      all = List.copyOf(all);
    }

    @Override
    public String toString() {
      return all.toString().replace(" ", "");
    }
  }

  /// A name: an element type, a mode, a reduction, an equation.
  record Word(String text) implements Value {
    @Override
    public String toString() {
      return text;
    }
  }

  /// An argument that is left out.
  record Absent() implements Value {
    static final Absent NONE = new Absent();

    @Override
    public String toString() {
      return "-";
    }
  }
}

package dev.proteus.oracle;

import java.util.ArrayList;
import java.util.List;

/// A call of PyTorch, written with the names of its schemas: `sum.dim_IntList(x,axes,keepdim)`.
///
/// An operand is the name of an argument, a call, or a literal; a call's result may be picked by
/// `#1`, and a list of tensors is made by braces. Without parentheses the operator takes all
/// arguments of the case in order. What its schema has beyond those stays at its default. `&`
/// between calls makes several results.
sealed interface Formula {
  /// An operator on operands; no operands given means the arguments of the case.
  record Call(String operator, String overload, List<Formula> operands, Operands given)
      implements Formula {
    public Call {
      operands = List.copyOf(operands);
    }

    /// The operator that writes into its first operand.
    Call inPlace() {
      return new Call(operator + "_", overload, operands, given);
    }
  }

  /// Whether a call names its operands.
  enum Operands {
    NAMED,
    ALL_ARGUMENTS
  }

  /// One result of a call.
  record Pick(Formula call, int index) implements Formula {}

  /// An argument of the case.
  record Argument(String name) implements Formula {}

  /// A constant.
  record Literal(Value value) implements Formula {}

  /// What has no schema.
  record Hosted(TorchCall call) implements Formula {}

  /// Tensors as a list, or as results.
  record Several(List<Formula> all) implements Formula {
    public Several {
      all = List.copyOf(all);
    }
  }

  /// Reads a formula.
  ///
  /// @throws IllegalArgumentException if the text is none
  static Formula parse(String text) {
    return new Parser(text).whole();
  }

  /// Reads from left to right.
  final class Parser {
    private final String text;
    private int at;

    private Parser(String text) {
      this.text = text.replace(" ", "");
    }

    private Formula whole() {
      List<Formula> all = list('&');
      if (at < text.length()) {
        throw new IllegalArgumentException(
            "formula: '%s' goes on at %s with '%s'".formatted(text, at, text.substring(at)));
      }
      Formula first = all.getFirst();
      boolean bare = all.size() == 1 && first instanceof Argument;
      if (bare) {
        return call(text, List.of(), Operands.ALL_ARGUMENTS);
      }
      return all.size() == 1 ? first : new Several(all);
    }

    private List<Formula> list(char separator) {
      List<Formula> all = new ArrayList<>();
      all.add(one());
      while (at < text.length() && text.charAt(at) == separator) {
        at++;
        all.add(one());
      }
      return all;
    }

    private Formula one() {
      if (text.charAt(at) == '{') {
        at++;
        List<Formula> all = list(',');
        at++;
        return new Several(all);
      }
      if (text.charAt(at) == '[') {
        int end = text.indexOf(']', at) + 1;
        return literal(end);
      }
      int end = at;
      while (end < text.length() && ",()#&}".indexOf(text.charAt(end)) < 0) {
        end++;
      }
      Formula result = end < text.length() && text.charAt(end) == '(' ? called(end) : named(end);
      if (at < text.length() && text.charAt(at) == '#') {
        result = new Pick(result, text.charAt(at + 1) - '0');
        at += 2;
      }
      return result;
    }

    private Formula called(int end) {
      String name = text.substring(at, end);
      at = end + 1;
      List<Formula> operands = text.charAt(at) == ')' ? List.of() : list(',');
      at++;
      return call(name, operands, Operands.NAMED);
    }

    private static Call call(String name, List<Formula> operands, Operands given) {
      int dot = name.indexOf('.');
      return dot < 0
          ? new Call(name, "", operands, given)
          : new Call(name.substring(0, dot), name.substring(dot + 1), operands, given);
    }

    private Formula named(int end) {
      String name = text.substring(at, end);
      if (name.equals("none")) {
        at = end;
        return new Literal(Value.Absent.NONE);
      }
      if (CaseText.value(name) instanceof Value.Word && !name.startsWith("'")) {
        at = end;
        return new Argument(name);
      }
      return literal(end);
    }

    private Formula literal(int end) {
      String word = text.substring(at, end);
      at = end;
      return new Literal(
          word.startsWith("'")
              ? new Value.Word(word.substring(1, word.length() - 1))
              : CaseText.value(word));
    }
  }
}

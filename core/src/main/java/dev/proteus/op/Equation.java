package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// A sum of products: a label for each axis of each operand, and the labels of the result.
///
/// @param subject what errors call it, with the operator's name first
/// @param terms the labels of each operand
/// @param result the labels of the result
record Equation(String subject, List<List<Integer>> terms, List<Integer> result) {
  /// Labels of the axes under an ellipsis count down from here, the last axis first, so that they
  /// align at the right; letters are their own labels.
  private static final int ELLIPSIS = -1;

  Equation {
    terms = List.copyOf(terms);
    result = List.copyOf(result);
  }

  /// An equation as [LinalgOps#einsum(String, List)] takes it, for operands of these ranks.
  ///
  /// @throws ShapeException if it is malformed or does not fit the operands
  static Equation parse(String text, List<TensorSpec> specs) {
    String subject = "einsum: '%s'".formatted(text);
    String compact = text.replace(" ", "");
    int arrow = compact.indexOf("->");
    String[] inputs = (arrow < 0 ? compact : compact.substring(0, arrow)).split(",", -1);
    if (inputs.length != specs.size()) {
      throw wrong(subject, "has %s operands, %s were given".formatted(inputs.length, specs.size()));
    }
    List<List<Integer>> terms = new ArrayList<>();
    int hidden = 0;
    for (int i = 0; i < inputs.length; i++) {
      Shape shape = specs.get(i).shape();
      int own = shape.rank() - (int) inputs[i].chars().filter(Character::isLetter).count();
      terms.add(labels(subject, inputs[i], own));
      if (terms.get(i).size() != shape.rank()) {
        throw wrong(
            subject,
            ("has '%s' for an operand %s; it must have a letter for each axis, or '...' for the"
                    + " others")
                .formatted(inputs[i], shape));
      }
      hidden = inputs[i].contains("...") ? Math.max(hidden, own) : hidden;
    }
    String output = arrow < 0 ? implicit(compact) : compact.substring(arrow + 2);
    Equation equation = new Equation(subject, terms, labels(subject, output, hidden));
    equation.checkResult();
    return equation;
  }

  /// Two operands summed over pairs of axes; what is left of the first comes first.
  static Equation pairs(Shape a, List<Integer> axesOfA, Shape b, List<Integer> axesOfB) {
    String subject = "tensordot: the pairing of axes %s and %s".formatted(axesOfA, axesOfB);
    if (axesOfA.size() != axesOfB.size()) {
      throw wrong(subject, "has lists of two lengths; they must be the same");
    }
    List<Integer> first = IntStream.range('a', 'a' + a.rank()).boxed().toList();
    List<Integer> second = new ArrayList<>();
    for (int axis = 0; axis < b.rank(); axis++) {
      int pair = axesOfB.indexOf(axis);
      second.add(pair < 0 ? 'a' + a.rank() + axis : first.get(axesOfA.get(pair)));
    }
    List<Integer> result = new ArrayList<>(first);
    result.addAll(second);
    result.removeIf(label -> first.contains(label) && second.contains(label));
    return new Equation(subject, List.of(first, second), result);
  }

  private static List<Integer> labels(String subject, String term, int hidden) {
    List<Integer> labels = new ArrayList<>();
    for (int i = 0; i < term.length(); i++) {
      char c = term.charAt(i);
      if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
        labels.add((int) c);
      } else if (term.startsWith("...", i) && term.indexOf("...") == i) {
        for (int axis = hidden - 1; axis >= 0; axis--) {
          labels.add(ELLIPSIS - axis);
        }
        i += 2;
      } else {
        throw wrong(
            subject, "has '%s' where a letter, ',', '->' or one '...' may stand".formatted(c));
      }
    }
    return labels;
  }

  /// The right side left out: the hidden axes, then the letters that appear once, in order.
  private static String implicit(String left) {
    StringBuilder letters = new StringBuilder("...");
    left.chars()
        .filter(Character::isLetter)
        .filter(c -> left.indexOf(c) == left.lastIndexOf(c))
        .sorted()
        .forEach(letters::appendCodePoint);
    return letters.toString();
  }

  private void checkResult() {
    for (int label : result) {
      if (terms.stream().noneMatch(term -> term.contains(label))) {
        throw wrong("has '%s' in the result, but in no operand".formatted(named(label)));
      }
      if (result.indexOf(label) != result.lastIndexOf(label)) {
        throw wrong("has '%s' twice in the result".formatted(named(label)));
      }
    }
  }

  static String named(int label) {
    return label <= ELLIPSIS ? "..." : Character.toString(label);
  }

  ShapeException wrong(String why) {
    return wrong(subject, why);
  }

  private static ShapeException wrong(String subject, String why) {
    return new ShapeException(subject + " " + why);
  }
}

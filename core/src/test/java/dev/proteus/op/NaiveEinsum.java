package dev.proteus.op;

import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;

/// Einsum by its definition: every operand spread over an axis for each label, multiplied and
/// summed.
final class NaiveEinsum {
  private NaiveEinsum() {}

  static Tensor of(String equation, Tensor... operands) {
    String[] sides = equation.replace(" ", "").split("->", -1);
    String[] terms = sides[0].split(",", -1);
    StringBuilder letters = new StringBuilder();
    int hidden = 0;
    for (int i = 0; i < terms.length; i++) {
      if (terms[i].contains("...")) {
        hidden = Math.max(hidden, operands[i].rank() - terms[i].length() + 3);
      }
    }
    String[] digits = new String[terms.length];
    for (int i = 0; i < terms.length; i++) {
      int own = operands[i].rank() - terms[i].replace("...", "").length();
      digits[i] = terms[i].replace("...", dots(hidden, own));
      letters.append(digits[i]);
    }
    String all = distinct(letters.toString());
    String result =
        sides.length == 2
            ? sides[1].replace("...", dots(hidden, hidden))
            : implicit(letters.toString(), dots(hidden, hidden));
    Tensor product = spread(operands[0], digits[0], all);
    for (int i = 1; i < terms.length; i++) {
      product = product.mul(spread(operands[i], digits[i], all));
    }
    int[] summed = all.chars().filter(c -> result.indexOf(c) < 0).map(all::indexOf).toArray();
    Tensor sum = summed.length == 0 ? product : product.sum(summed);
    String left = common(all, result);
    return sum.permute(result.chars().map(left::indexOf).toArray());
  }

  private static String dots(int hidden, int own) {
    StringBuilder names = new StringBuilder();
    for (int i = hidden - own; i < hidden; i++) {
      names.append((char) ('0' + i));
    }
    return names.toString();
  }

  private static String implicit(String letters, String dots) {
    StringBuilder once = new StringBuilder(dots);
    letters
        .chars()
        .filter(c -> c >= 'A' && letters.indexOf(c) == letters.lastIndexOf(c))
        .sorted()
        .forEach(once::appendCodePoint);
    return once.toString();
  }

  private static String distinct(String letters) {
    StringBuilder all = new StringBuilder();
    letters.chars().distinct().forEach(all::appendCodePoint);
    return all.toString();
  }

  private static Tensor spread(Tensor x, String labels, String all) {
    Tensor value = x;
    String left = labels;
    for (int i = 0; i < left.length(); i++) {
      int again = left.indexOf(left.charAt(i), i + 1);
      if (again >= 0) {
        value = value.diagonal(0, i, again);
        left = left.substring(0, again) + left.substring(again + 1);
        left = left.substring(0, i) + left.substring(i + 1) + left.charAt(i);
        i--;
      }
    }
    String names = left;
    String order = common(all, names);
    Tensor ordered = value.permute(order.chars().map(names::indexOf).toArray());
    long[] sizes =
        all.chars()
            .mapToLong(c -> order.indexOf(c) < 0 ? 1 : ordered.size(order.indexOf(c)))
            .toArray();
    return ordered.reshape(Shape.of(sizes));
  }

  /// The characters of `all` that `other` has, too.
  private static String common(String all, String other) {
    StringBuilder kept = new StringBuilder();
    all.chars().filter(c -> other.indexOf(c) >= 0).forEach(kept::appendCodePoint);
    return kept.toString();
  }
}

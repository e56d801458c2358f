package dev.proteus.codegen;

import java.util.List;

/// The part of a kernel that leads several operands through one space of axes.
///
/// Numbers are passed as words `a.v[i]`: the sizes of the axes, then for each operand where it
/// starts and its strides.
///
/// @param prefix begins the names of the variables that hold where operands are
/// @param rank axes, at least 1
/// @param first the word of the first size
/// @param paces how each operand moves along the last axis
record Walks(String prefix, int rank, int first, List<Pace> paces) {
  Walks {
    paces = List.copyOf(paces);
  }

  /// The word after those of this walk.
  int end() {
    return first + rank + paces.size() * (1 + rank);
  }

  /// The number passed as word `index`, as an expression.
  static String word(int index) {
    return "(idx) a.v[" + index + "]";
  }

  String size(int axis) {
    return word(first + axis);
  }

  /// The size of the last axis.
  String length() {
    return size(rank - 1);
  }

  /// The product of the sizes of the first `axes` axes.
  String product(int axes) {
    StringBuilder product = new StringBuilder(axes == 0 ? "1" : size(0));
    for (int axis = 1; axis < axes; axis++) {
      product.append(" * ").append(size(axis));
    }
    return product.toString();
  }

  private int start(int operand) {
    return first + rank + operand * (1 + rank);
  }

  private String stride(int operand, int axis) {
    return word(start(operand) + 1 + axis);
  }

  /// The name of the variable that holds where operand `k` is.
  String at(int k) {
    return prefix + k;
  }

  /// Statements that declare where operands start.
  String starts(String indent) {
    StringBuilder text = new StringBuilder();
    for (int k = 0; k < paces.size(); k++) {
      text.append(indent).append("idx ").append(at(k)).append(" = ").append(word(start(k)));
      text.append(";\n");
    }
    return text.toString();
  }

  /// Statements that move the operands to place `number` of the first `axes` axes.
  String moves(String indent, String number, int axes) {
    if (axes == 0) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    text.append(indent).append("{\n");
    text.append(indent).append("  idx rest = ").append(number).append(";\n");
    for (int axis = axes - 1; axis >= 0; axis--) {
      move(text, indent + "  ", axis);
    }
    return text.append(indent).append("}\n").toString();
  }

  private void move(StringBuilder text, String indent, int axis) {
    String c = "c" + axis;
    text.append(indent).append("const idx ").append(c).append(" = rest");
    if (axis > 0) {
      text.append(" % (").append(size(axis)).append("); rest /= ").append(size(axis));
    }
    text.append(";\n");
    for (int k = 0; k < paces.size(); k++) {
      text.append(indent).append(at(k)).append(" += ").append(c).append(" * ");
      text.append(stride(k, axis)).append(";\n");
    }
  }

  /// Where operand `k` is in column `j` of its row.
  String place(int k) {
    return place(k, "j");
  }

  /// Where operand `k` is in a column of its row.
  String place(int k, String column) {
    return paces.get(k).place(at(k), column, stride(k, rank - 1));
  }
}

package dev.proteus.backend.cpu.rows;

import dev.proteus.backend.cpu.memory.Batch;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.spi.Operand;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/// Operands that differ in size along one axis at most, as matrices whose columns lie along that
/// axis and whose rows along the last; matrices are cut into parts of some columns.
final class AxisColumns {
  /// Columns from which on it pays to work on them together.
  private static final int MANY = 16;

  private final List<Batch> operands = new ArrayList<>();
  private final int height;
  private final long width;
  private final int piece;
  private final long parts;
  private final long matrices;

  /// @param piece columns of a part at most
  AxisColumns(List<Operand> operands, int axis, int piece) {
    Shape shape = operands.getFirst().shape();
    Shape others = shape.without(axis).slice(0, shape.rank() - 2);
    for (Operand operand : operands) {
      this.operands.add(new Batch(operand.withLayout(above(operand.layout(), axis)), others));
    }
    this.height = Math.toIntExact(shape.size(axis));
    this.width = shape.size(-1);
    this.piece = piece;
    this.parts = Math.ceilDiv(width, (long) piece);
    this.matrices = others.numel();
  }

  /// Whether there are columns, and enough of them.
  static boolean pays(TensorSpec x, int axis) {
    return axis < x.rank() - 1 && x.shape().size(-1) >= MANY;
  }

  /// The axis as the last but one.
  private static Layout above(Layout layout, int axis) {
    int rank = layout.rank();
    int[] order = new int[rank];
    int at = 0;
    for (int i = 0; i < rank - 1; i++) {
      if (i != axis) {
        order[at++] = i;
      }
    }
    order[rank - 2] = axis;
    order[rank - 1] = rank - 1;
    return layout.permute(order);
  }

  /// Number of parts of all matrices.
  long count() {
    return matrices * parts;
  }

  /// Rows of the first operand.
  int height() {
    return height;
  }

  /// The first column of a part.
  long first(long part) {
    return part % parts * piece;
  }

  /// Columns of a part.
  int width(long part) {
    return (int) Math.min(piece, width - first(part));
  }

  /// The matrix of an operand that a part belongs to.
  NativeMatrix matrix(int operand, long part) {
    return operands.get(operand).matrix(part / parts);
  }
}

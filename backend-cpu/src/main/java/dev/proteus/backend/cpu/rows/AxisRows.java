package dev.proteus.backend.cpu.rows;

import dev.proteus.backend.cpu.memory.Batch;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.spi.Operand;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Operands that differ in size along one axis at most, as matrices whose rows lie along that axis.
final class AxisRows {
  private final List<Batch> operands = new ArrayList<>();
  private final List<Integer> lengths = new ArrayList<>();
  private final long matrices;
  private final long height;
  private final boolean across;

  AxisRows(List<Operand> operands, int axis) {
    List<Layout> layouts = operands.stream().map(o -> last(o.layout(), axis)).toList();
    List<Layout> flat = flattened(layouts);
    Shape shape = flat.getFirst().shape();
    Shape batch = shape.slice(0, shape.rank() - 2);
    this.matrices = batch.numel();
    this.height = shape.size(-2);
    this.across = flat.stream().anyMatch(l -> l.stride(-1) > 1 && l.stride(-2) == 1);
    for (int i = 0; i < flat.size(); i++) {
      this.operands.add(new Batch(operands.get(i).withLayout(flat.get(i)), batch));
      this.lengths.add(Math.toIntExact(flat.get(i).shape().size(-1)));
    }
  }

  /// The axis as the last of at least two.
  private static Layout last(Layout layout, int axis) {
    int rank = layout.rank();
    if (rank < 2) {
      return layout.reshape(Shape.of(1, layout.numel())).orElseThrow();
    }
    int[] order = new int[rank];
    int at = 0;
    for (int i = 0; i < rank; i++) {
      if (i != axis) {
        order[at++] = i;
      }
    }
    order[rank - 1] = axis;
    return layout.permute(order);
  }

  /// All as one matrix of rows, where the strides of all allow it.
  private static List<Layout> flattened(List<Layout> layouts) {
    List<Layout> flat = new ArrayList<>();
    for (Layout layout : layouts) {
      Shape shape = layout.shape();
      Shape matrix = Shape.of(shape.slice(0, shape.rank() - 1).numel(), shape.size(-1));
      Optional<Layout> reshaped = layout.reshape(matrix);
      if (reshaped.isEmpty()) {
        return layouts;
      }
      flat.add(reshaped.get());
    }
    return flat;
  }

  /// Number of rows.
  long count() {
    return matrices * height;
  }

  /// Rows of a matrix; row r of all is row `r % height()` of matrix `r / height()`.
  long height() {
    return height;
  }

  /// Elements of a row of an operand.
  int length(int operand) {
    return lengths.get(operand);
  }

  /// Whether neighbours in some operand's memory are elements of different rows.
  boolean isAcross() {
    return across;
  }

  /// A matrix of an operand.
  NativeMatrix matrix(int operand, long number) {
    return operands.get(operand).matrix(number);
  }
}

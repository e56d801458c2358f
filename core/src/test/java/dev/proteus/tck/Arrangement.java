package dev.proteus.tck;

import dev.proteus.op.Expand;
import dev.proteus.op.Permute;
import dev.proteus.op.Reshape;
import dev.proteus.op.Slice;
import dev.proteus.op.View;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// A way for the elements of an operand to lie in memory: a base, and the views that lead from it
/// to the operand.
public enum Arrangement {
  /// Row-major, from the start of the storage.
  CONTIGUOUS,
  /// Column-major.
  TRANSPOSED,
  /// With the second axis innermost, as images whose channels come last; three axes or more.
  PERMUTED,
  /// Every second element of the last axis.
  STRIDED,
  /// Row-major, from somewhere inside the storage.
  OFFSET,
  /// The first axis that has more than one element repeats one element, with stride 0.
  EXPANDED,
  /// Each operand in another of the ways above.
  MIXED;

  /// Whether this arrangement of `shapes` is not one of those above it.
  boolean isDistinct(List<Shape> shapes) {
    return switch (this) {
      case CONTIGUOUS -> true;
      case TRANSPOSED -> shapes.stream().anyMatch(s -> isLarge(s) && s.rank() >= 2);
      case PERMUTED -> shapes.stream().anyMatch(s -> isLarge(s) && s.rank() >= 3);
      case STRIDED, OFFSET -> shapes.stream().anyMatch(s -> s.numel() > 0);
      case EXPANDED -> shapes.stream().anyMatch(Arrangement::isLarge);
      case MIXED -> shapes.stream().filter(Arrangement::isLarge).count() > 1;
    };
  }

  private static boolean isLarge(Shape shape) {
    return shape.numel() > 1;
  }

  /// How operand `index` lies.
  Arrangement ofOperand(int index) {
    List<Arrangement> ways = List.of(CONTIGUOUS, TRANSPOSED, STRIDED, EXPANDED);
    return this == MIXED ? ways.get(index % ways.size()) : this;
  }

  /// The sizes of the base for an operand of this shape.
  Shape base(Shape shape) {
    int rank = shape.rank();
    return switch (this) {
      case CONTIGUOUS, MIXED -> shape;
      case TRANSPOSED -> permuted(shape, reversed(rank));
      case PERMUTED -> rank < 3 ? shape : permuted(shape, secondLast(rank));
      case STRIDED -> rank == 0 ? Shape.of(2) : shape.with(-1, 2 * shape.size(-1));
      case OFFSET -> rank == 0 ? Shape.of(3) : shape.with(0, shape.size(0) + 2);
      case EXPANDED -> repeated(shape) < 0 ? shape : shape.with(repeated(shape), 1);
    };
  }

  /// The views that lead from the base to an operand of this shape.
  List<View> path(Shape shape) {
    int rank = shape.rank();
    return switch (this) {
      case CONTIGUOUS, MIXED -> List.of();
      case TRANSPOSED -> List.of(new Permute(reversed(rank)));
      case PERMUTED -> rank < 3 ? List.of() : List.of(new Permute(secondLast(rank)).inverse());
      case STRIDED ->
          rank == 0
              ? List.of(new Slice(0, 1, 1, 1), new Reshape(Shape.SCALAR))
              : List.of(new Slice(rank - 1, 0, shape.size(-1), 2));
      case OFFSET ->
          rank == 0
              ? List.of(new Slice(0, 2, 1, 1), new Reshape(Shape.SCALAR))
              : List.of(new Slice(0, 1, shape.size(0), 1));
      case EXPANDED -> repeated(shape) < 0 ? List.of() : List.of(new Expand(shape));
    };
  }

  private static Shape permuted(Shape shape, List<Integer> order) {
    return new Permute(order).apply(Layout.contiguous(shape)).shape();
  }

  private static List<Integer> reversed(int rank) {
    List<Integer> axes = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    Collections.reverse(axes);
    return axes;
  }

  private static List<Integer> secondLast(int rank) {
    List<Integer> axes = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    Collections.rotate(axes.subList(1, rank), -1);
    return axes;
  }

  private static int repeated(Shape shape) {
    return IntStream.range(0, shape.rank()).filter(a -> shape.size(a) > 1).findFirst().orElse(-1);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

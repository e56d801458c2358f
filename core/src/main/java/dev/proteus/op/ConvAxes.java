package dev.proteus.op;

import dev.proteus.type.Shape;
import java.util.stream.IntStream;

/// The axes `[N, groups, O/groups, C/groups, *out, *K]`, over which a convolution and both its
/// gradients are one fold each; an operand has size 1 where it has no such axis.
///
/// @param groups parts of the channels
/// @param rank number of spatial axes
record ConvAxes(int groups, int rank) {
  /// Windows `[N, C, *out, *K]` of the input.
  <T extends TensorOps<T>> T windows(T windows) {
    Shape shape = windows.spec().shape();
    Shape channels = Shape.of(shape.size(0), groups, 1, shape.size(1) / groups);
    return windows.reshape(channels.concat(shape.slice(2, shape.rank())));
  }

  /// A weight `[O, C/groups, *K]`.
  <T extends TensorOps<T>> T weight(T w) {
    Shape shape = w.spec().shape();
    Shape channels = Shape.of(1, groups, shape.size(0) / groups, shape.size(1));
    return w.reshape(channels.concat(ones()).concat(shape.slice(2, shape.rank())));
  }

  /// A result `[N, O, *out]` or its gradient.
  <T extends TensorOps<T>> T result(T y) {
    Shape shape = y.spec().shape();
    Shape channels = Shape.of(shape.size(0), groups, shape.size(1) / groups, 1);
    return y.reshape(channels.concat(shape.slice(2, shape.rank())).concat(ones()));
  }

  private Shape ones() {
    return Shape.of(IntStream.range(0, rank).mapToLong(_ -> 1).toArray());
  }

  /// What the result sums over: C/groups and K.
  int[] ofResult() {
    return IntStream.concat(IntStream.of(3), IntStream.range(4 + rank, 4 + 2 * rank)).toArray();
  }

  /// What the windows' gradient sums over: O/groups.
  int[] ofWindows() {
    return new int[] {2};
  }

  /// What the weight's gradient sums over: N and out.
  int[] ofWeight() {
    return IntStream.concat(IntStream.of(0), IntStream.range(4, 4 + rank)).toArray();
  }
}

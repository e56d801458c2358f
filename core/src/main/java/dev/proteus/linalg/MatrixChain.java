package dev.proteus.linalg;

import dev.proteus.error.ShapeException;
import dev.proteus.op.TensorOps;
import dev.proteus.type.Shape;
import java.util.List;

/// A product of several matrices and the cheapest order of its factors (Cormen et al.,
/// "Introduction to Algorithms", 15.2).
final class MatrixChain<T extends TensorOps<T>> {
  private final List<T> factors;
  private final long[][] cost;
  private final int[][] split;

  MatrixChain(List<T> matrices) {
    factors = matrices;
    int count = matrices.size();
    for (int i = 0; i < count; i++) {
      int rank = matrices.get(i).spec().rank();
      boolean isEnd = i == 0 || i == count - 1;
      if (rank != 2 && !(isEnd && rank == 1)) {
        throw new ShapeException(
            "multiDot: operand %s is %s; it must be a matrix, or at an end a vector"
                .formatted(i, matrices.get(i).spec().shape()));
      }
    }
    cost = new long[count][count];
    split = new int[count][count];
    for (int length = 2; length <= count; length++) {
      for (int first = 0; first + length <= count; first++) {
        choose(first, first + length - 1);
      }
    }
  }

  private long rows(int factor) {
    Shape shape = factors.get(factor).spec().shape();
    return factor == 0 && shape.rank() == 1 ? 1 : shape.size(0);
  }

  private long columns(int factor) {
    Shape shape = factors.get(factor).spec().shape();
    return factor > 0 && shape.rank() == 1 ? 1 : shape.size(-1);
  }

  private void choose(int first, int last) {
    cost[first][last] = Long.MAX_VALUE;
    for (int at = first; at < last; at++) {
      long own = rows(first) * columns(at) * columns(last);
      long all = cost[first][at] + cost[at + 1][last] + own;
      if (all < cost[first][last]) {
        cost[first][last] = all;
        split[first][last] = at;
      }
    }
  }

  T product() {
    return product(0, factors.size() - 1);
  }

  private T product(int first, int last) {
    if (first == last) {
      return factors.get(first);
    }
    int at = split[first][last];
    return product(first, at).matmul(product(at + 1, last));
  }
}

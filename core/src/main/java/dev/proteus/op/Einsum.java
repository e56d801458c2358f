package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.expr.Exprs;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The evaluation of an [Equation] for operands of known sizes.
///
/// Operands are multiplied from left to right; each pair is one matrix product, whose batch axes
/// are the labels that stay and both have.
final class Einsum {
  private final Equation equation;
  private final java.util.Map<Integer, Long> sizes = new HashMap<>();

  /// @throws ShapeException if a label stands for two sizes
  /// @throws DTypeException if the operands are not of one type (rule DT-8)
  Einsum(Equation equation, List<TensorSpec> specs) {
    this.equation = equation;
    for (int i = 0; i < specs.size(); i++) {
      TensorSpec spec = specs.get(i);
      if (spec.dtype() != specs.getFirst().dtype()) {
        throw new DTypeException(
            "%s has operands of types %s and %s; they must be the same (rule DT-8)"
                .formatted(equation.subject(), specs.getFirst().dtype(), spec.dtype()));
      }
      learnSizes(equation.terms().get(i), spec.shape());
    }
  }

  private void learnSizes(List<Integer> term, Shape shape) {
    for (int axis = 0; axis < term.size(); axis++) {
      long size = shape.size(axis);
      long known = size(term.get(axis));
      long first = shape.size(term.indexOf(term.get(axis)));
      if (size != first || known != size && known != 1 && size != 1) {
        throw equation.wrong(
            "has size %s for '%s' in %s and %s before; they must be equal, or one of them 1"
                .formatted(size, Equation.named(term.get(axis)), shape, known));
      }
      sizes.put(term.get(axis), known == 1 ? size : known);
    }
  }

  /// An operand whose axes are named, none twice.
  private record Named<T>(T value, List<Integer> labels) {}

  <T extends TensorOps<T>> T evaluate(List<T> operands) {
    Named<T> product = prepared(operands.getFirst(), 0);
    for (int i = 1; i < operands.size(); i++) {
      product = multiplied(product, prepared(operands.get(i), i), i);
    }
    Named<T> sum = summed(product, equation.result());
    return arranged(sum, equation.result());
  }

  /// An operand without what it need not have: labels that repeat become diagonals; axes of size 1
  /// whose label is larger elsewhere go away, which broadcasts them; labels that nobody else has
  /// are summed.
  private <T extends TensorOps<T>> Named<T> prepared(T operand, int term) {
    List<Integer> labels = new ArrayList<>(equation.terms().get(term));
    T value = operand;
    for (int axis = 0; axis < labels.size(); axis++) {
      int label = labels.get(axis);
      for (int again = labels.lastIndexOf(label); again > axis; again = labels.lastIndexOf(label)) {
        value = value.diagonal(0, axis, again).moveAxis(-1, axis);
        labels.remove(/* index */ again);
      }
    }
    for (int axis = labels.size() - 1; axis >= 0; axis--) {
      if (value.spec().shape().size(axis) == 1 && size(labels.get(axis)) != 1) {
        value = value.squeeze(axis);
        labels.remove(/* index */ axis);
      }
    }
    return summed(new Named<>(value, labels), neededBeside(term, term));
  }

  /// Labels that the result or an operand outside `from` to `to` still needs.
  private List<Integer> neededBeside(int from, int to) {
    Stream<Integer> outside =
        IntStream.range(0, equation.terms().size())
            .filter(i -> i < from || i > to)
            .boxed()
            .flatMap(i -> equation.terms().get(i).stream());
    return Stream.concat(equation.result().stream(), outside).distinct().toList();
  }

  private static <T extends TensorOps<T>> Named<T> summed(Named<T> named, List<Integer> kept) {
    List<Integer> axes = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int axis = 0; axis < named.labels().size(); axis++) {
      if (kept.contains(named.labels().get(axis))) {
        labels.add(named.labels().get(axis));
      } else {
        axes.add(axis);
      }
    }
    if (axes.isEmpty()) {
      return named;
    }
    T x = named.value();
    Reduce sum = new Reduce(Reduce.Kind.SUM, Exprs.input(0, x.spec().dtype()), axes);
    T folded = x.call(sum, List.of(x));
    return new Named<>(folded.squeeze(axes.stream().mapToInt(i -> i).toArray()), labels);
  }

  /// The product of all operands before `term`, and of that one.
  private <T extends TensorOps<T>> Named<T> multiplied(Named<T> before, Named<T> next, int term) {
    List<Integer> kept = neededBeside(0, term);
    Named<T> a = summed(before, joined(kept, next.labels()));
    Named<T> b = summed(next, joined(kept, before.labels()));
    List<Integer> shared = a.labels().stream().filter(b.labels()::contains).toList();
    List<Integer> batch = shared.stream().filter(kept::contains).toList();
    List<Integer> inner = shared.stream().filter(label -> !kept.contains(label)).toList();
    List<Integer> rows = a.labels().stream().filter(label -> !shared.contains(label)).toList();
    List<Integer> columns = b.labels().stream().filter(label -> !shared.contains(label)).toList();
    List<Integer> labels = joined(batch, joined(rows, columns));
    if (inner.isEmpty()) {
      T left = spread(a, labels);
      return new Named<>(left.mul(spread(b, labels)), labels);
    }
    T left = blocks(a, batch, rows, inner);
    T right = blocks(b, batch, inner, columns);
    return new Named<>(left.matmul(right).reshape(shape(labels)), labels);
  }

  private static List<Integer> joined(List<Integer> first, List<Integer> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  private long size(int label) {
    return sizes.getOrDefault(label, 1L);
  }

  private Shape shape(List<Integer> labels) {
    return Shape.of(labels.stream().map(this::size).toList());
  }

  /// A stack of matrices: one axis for each batch label, all others as rows and columns.
  private <T extends TensorOps<T>> T blocks(
      Named<T> named, List<Integer> batch, List<Integer> rows, List<Integer> columns) {
    T ordered = arranged(named, joined(batch, joined(rows, columns)));
    long height = shape(rows).numel();
    long width = shape(columns).numel();
    return ordered.reshape(shape(batch).concat(Shape.of(height, width)));
  }

  private static <T extends TensorOps<T>> T arranged(Named<T> named, List<Integer> order) {
    int[] axes = order.stream().mapToInt(named.labels()::indexOf).toArray();
    return named.value().permute(axes);
  }

  /// Axes in the order of `labels`, with size 1 for those it has not.
  private <T extends TensorOps<T>> T spread(Named<T> named, List<Integer> labels) {
    T value = arranged(named, labels.stream().filter(named.labels()::contains).toList());
    long[] target =
        labels.stream().mapToLong(l -> named.labels().contains(l) ? size(l) : 1).toArray();
    return value.reshape(Shape.of(target));
  }
}

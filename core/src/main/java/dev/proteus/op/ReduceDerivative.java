package dev.proteus.op;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The gradients of a [Reduce]: the gradient of the elements that were folded, times the derivative
/// of the expression, summed to each operand's shape without a temporary.
final class ReduceDerivative {
  private ReduceDerivative() {}

  static Saved saved(Reduce reduce, int inputs) {
    Saved saved = Partial.saved(partials(reduce, inputs));
    return switch (reduce.kind()) {
      case SUM -> saved;
      case PROD -> saved.with(read(reduce));
      case MAX, MIN -> saved.with(read(reduce)).withOutputs();
    };
  }

  static <T extends TensorOps<T>> List<@Nullable T> backward(Reduce reduce, Backward<T> g) {
    Shape shape = g.spec(0).shape();
    for (int i = 1; i < g.inputs(); i++) {
      shape = Shape.broadcast(shape, g.spec(i).shape(), reduce.name());
    }
    T grad = g.grad().expand(shape);
    T elements =
        switch (reduce.kind()) {
          case SUM -> grad;
          case PROD -> grad.mul(productOfOthers(terms(reduce, shape, g), reduce.axes()));
          case MAX, MIN -> shares(reduce, grad, g);
        };
    List<@Nullable T> grads = new ArrayList<>();
    for (int i = 0; i < g.inputs(); i++) {
      boolean wanted = g.needs(i) && g.spec(i).dtype().isFloating();
      grads.add(wanted ? gradient(partial(reduce, i, g.inputs()), i, elements, g) : null);
    }
    return grads;
  }

  private static Partial partial(Reduce reduce, int input, int inputs) {
    return Partial.of(reduce.name(), reduce.expr(), input, inputs, Partial.Result.LOST);
  }

  private static List<Partial> partials(Reduce reduce, int inputs) {
    List<Partial> partials = new ArrayList<>(inputs);
    for (int i = 0; i < inputs; i++) {
      partials.add(partial(reduce, i, inputs));
    }
    return partials;
  }

  private static int[] read(Reduce reduce) {
    return Exprs.inputs(reduce.expr()).stream().toArray();
  }

  private static <T extends TensorOps<T>> T gradient(
      Partial partial, int input, T elements, Backward<T> g) {
    TensorSpec spec = g.spec(input);
    return switch (partial) {
      case Partial.Zero _ -> elements.zeros(spec);
      case Partial.Upstream _ -> elements.sumTo(spec.shape());
      case Partial.Mapped mapped -> {
        List<T> operands = mapped.operands(g, elements);
        List<Integer> axes = Folding.expandedAxes(spec.shape(), elements.spec().shape());
        Op op =
            axes.isEmpty() ? mapped.map() : new Reduce(Reduce.Kind.SUM, mapped.map().expr(), axes);
        yield elements.call(op, operands).reshape(spec.shape());
      }
    };
  }

  /// The operands that the expression reads, and others after them.
  private static <T extends TensorOps<T>> List<T> operands(
      Reduce reduce, Backward<T> g, List<T> others) {
    List<T> operands = new ArrayList<>();
    for (int input : read(reduce)) {
      operands.add(g.input(input));
    }
    operands.addAll(others);
    return operands;
  }

  /// The elements that were folded.
  private static <T extends TensorOps<T>> T terms(Reduce reduce, Shape shape, Backward<T> g) {
    Map map = Map.of("terms", Exprs.packed(reduce.expr()));
    List<T> operands = operands(reduce, g, List.of());
    return g.grad().call(map, operands).expand(shape);
  }

  /// The gradient of a maximum is shared evenly among the elements that equal it; so it is among
  /// NaN, which equal nothing.
  private static <T extends TensorOps<T>> T shares(Reduce reduce, T grad, Backward<T> g) {
    Expr element = Exprs.packed(reduce.expr());
    DType dtype = element.dtype();
    int next = read(reduce).length;
    Expr extreme = Exprs.input(next, dtype);
    Expr wins = Exprs.or(Exprs.eq(element, extreme), Exprs.ne(element, element));
    Expr one = Exprs.cast(dtype.accumulator(), wins);
    Reduce winners = new Reduce(Reduce.Kind.SUM, one, reduce.axes());
    T count = grad.call(winners, operands(reduce, g, List.of(g.output())));
    Expr total = Exprs.cast(dtype.accumulator(), Exprs.input(next + 2, dtype));
    Expr part = Exprs.div(total, Exprs.input(next + 1, dtype.accumulator()));
    Expr share = Exprs.where(wins, Exprs.cast(dtype, part), Exprs.like(element, 0));
    Map map = Map.of(reduce.name() + "Share", share);
    return grad.call(map, operands(reduce, g, List.of(g.output(), count, grad)));
  }

  /// For each element the product of all others along the axes, exact where some are zero.
  private static <T extends TensorOps<T>> T productOfOthers(T x, List<Integer> axes) {
    Shape shape = x.spec().shape();
    List<Integer> order = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (!axes.contains(axis)) {
        order.add(axis);
      }
    }
    int outer = order.size();
    order.addAll(axes);
    Permute permute = new Permute(order);
    T moved = x.call(permute, List.of(x));
    Shape kept = moved.spec().shape();
    Shape flat = kept.slice(0, outer).concat(Shape.of(kept.slice(outer, kept.rank()).numel()));
    T others = productOfOthers(moved.reshape(flat)).reshape(kept);
    return others.call(permute.inverse(), List.of(others));
  }

  /// The same along the last axis, by halves: what is outside of an element's pair, times the
  /// element's neighbour in it.
  private static <T extends TensorOps<T>> T productOfOthers(T x) {
    Shape shape = x.spec().shape();
    int last = shape.rank() - 1;
    long size = shape.size(last);
    if (size <= 1) {
      return x.ones(x.spec());
    }
    if (size % 2 == 1) {
      T one = x.ones(x.spec().withShape(shape.with(last, size + 1)));
      Place padding = Place.slice(last, 0, size, 1, Place.Mode.SET);
      return productOfOthers(x.call(padding, List.of(one, x))).narrow(last, 0, size);
    }
    Shape pairs = shape.with(last, size / 2);
    T paired = x.reshape(pairs.concat(Shape.of(2)));
    T left = paired.narrow(last + 1, 0, 1);
    T right = paired.narrow(last + 1, 1, 1);
    T outside = productOfOthers(left.mul(right).reshape(pairs));
    DType dtype = x.spec().dtype();
    Expr isLeft = Exprs.eq(new Expr.Coord(last + 1), Exprs.constant(DType.INT64, Scalar.of(0L)));
    Expr neighbour = Exprs.where(isLeft, Exprs.input(1, dtype), Exprs.input(0, dtype));
    Map times = Map.of("timesNeighbour", Exprs.mul(neighbour, Exprs.input(2, dtype)));
    T outsideBoth = outside.reshape(left.spec().shape()).expand(paired.spec().shape());
    return x.call(times, List.of(left, right, outsideBoth)).reshape(shape);
  }
}

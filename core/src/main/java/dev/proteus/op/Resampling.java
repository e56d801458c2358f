package dev.proteus.op;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.List;

/// [Interpolate] along one axis: gathered neighbours, weighted and summed.
///
/// @param op what is computed
/// @param spatial number of the spatial axis
/// @param x the operand
record Resampling(Interpolate op, int spatial, TensorSpec x) {
  /// The constant of the cubic kernel.
  private static final double A = -0.75;

  <T extends TensorOps<T>> T apply(T operand) {
    if (isSame()) {
      return operand;
    }
    return switch (op.mode()) {
      case NEAREST, NEAREST_EXACT -> neighbour(operand, nearest());
      case LINEAR -> linear(operand);
      case CUBIC -> cubic(operand);
    };
  }

  private long from() {
    return x.shape().size(spatial + 2);
  }

  private long to() {
    return op.size().get(spatial);
  }

  /// Whether every element stays, as PyTorch has it: two modes let the sizes decide over a factor.
  private boolean isSame() {
    return from() == to()
        && switch (op.mode()) {
          case NEAREST, LINEAR -> true;
          case NEAREST_EXACT, CUBIC -> op.scale().isEmpty();
        };
  }

  /// By sizes in integers, which are exact; by a factor in float32, as PyTorch, which lets sizes
  /// decide over a factor of 2.
  private Expr nearest() {
    boolean exact = op.mode() == Interpolate.Mode.NEAREST_EXACT;
    Expr i = new Expr.Coord(0);
    if (op.scale().isEmpty() || !exact && to() == 2 * from()) {
      Expr numerator = exact ? Exprs.add(Exprs.mul(i, number(2)), number(1)) : i;
      return Exprs.floorDiv(Exprs.mul(numerator, number(from())), number(exact ? 2 * to() : to()));
    }
    Expr position = Exprs.cast(DType.FLOAT32, i);
    position = exact ? Exprs.add(position, 0.5) : position;
    Expr scaled = Exprs.mul(position, (float) (1 / op.scale().get(spatial)));
    return Exprs.cast(DType.INT64, Exprs.floor(scaled));
  }

  private <T extends TensorOps<T>> T linear(T operand) {
    Expr position = Exprs.max(position(), Exprs.like(position(), 0));
    Expr below = Exprs.floor(position);
    T near = neighbour(operand, Exprs.cast(DType.INT64, below));
    T far = neighbour(operand, Exprs.cast(DType.INT64, Exprs.add(below, 1)));
    T weight = along(operand, Exprs.sub(position, below));
    return near.mul(weight.rsub(1)).add(far.mul(weight));
  }

  private <T extends TensorOps<T>> T cubic(T operand) {
    Expr below = Exprs.floor(position());
    Expr t = Exprs.sub(position(), below);
    Expr rest = Exprs.sub(Exprs.like(t, 1), t);
    List<Expr> weights =
        List.of(outer(Exprs.add(t, 1)), inner(t), inner(rest), outer(Exprs.add(rest, 1)));
    T first = tap(operand, below, -1, weights.get(0));
    for (int i = 1; i < weights.size(); i++) {
      first = first.add(tap(operand, below, i - 1, weights.get(i)));
    }
    return first;
  }

  private <T extends TensorOps<T>> T tap(T operand, Expr below, int shift, Expr weight) {
    Expr index = Exprs.cast(DType.INT64, Exprs.add(below, shift));
    return neighbour(operand, index).mul(along(operand, weight));
  }

  /// The cubic kernel at a distance of at most 1.
  private static Expr inner(Expr t) {
    return Exprs.add(Exprs.mul(Exprs.mul(Exprs.sub(Exprs.mul(t, A + 2), A + 3), t), t), 1);
  }

  /// The cubic kernel at a distance from 1 to 2.
  private static Expr outer(Expr t) {
    Expr inside = Exprs.add(Exprs.mul(Exprs.sub(Exprs.mul(t, A), 5 * A), t), 8 * A);
    return Exprs.sub(Exprs.mul(inside, t), 4 * A);
  }

  /// Where the result's element i lies in the operand.
  private Expr position() {
    DType dtype = x.dtype();
    Expr i = Exprs.cast(dtype, new Expr.Coord(0));
    if (op.corners() == Interpolate.Corners.ALIGNED) {
      return Exprs.mul(i, to() > 1 ? (double) (from() - 1) / (to() - 1) : 0);
    }
    double step = op.scale().isEmpty() ? (double) from() / to() : 1 / op.scale().get(spatial);
    return Exprs.sub(Exprs.mul(Exprs.add(i, 0.5), step), 0.5);
  }

  /// The operand's elements at an index that is moved into the axis.
  private <T extends TensorOps<T>> T neighbour(T operand, Expr index) {
    Expr inside = Exprs.min(Exprs.max(index, number(0)), number(from() - 1));
    T all = along(operand, inside).expand(x.shape().with(spatial + 2, to()));
    return operand.call(new Gather(spatial + 2), List.of(operand, all));
  }

  /// A number for each element of the result's axis.
  private <T extends TensorOps<T>> T along(T operand, Expr expr) {
    TensorSpec spec = new TensorSpec(Shape.of(to()), expr.dtype(), x.device());
    T values = operand.call(Map.of("interpolateAt", expr, spec), List.of());
    long[] aligned = new long[x.rank() - spatial - 2];
    Arrays.fill(aligned, 1);
    aligned[0] = to();
    return values.reshape(Shape.of(aligned));
  }

  private static Expr number(long value) {
    return Exprs.constant(DType.INT64, Scalar.of(value));
  }
}

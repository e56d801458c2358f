package dev.proteus.op;

import static dev.proteus.op.Positions.number;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// The places of the elements that are not zero, one a row, in row-major order (rule IX-7).
///
/// The number of rows depends on the data, so whoever makes this operator has counted.
///
/// @param count number of elements that are not zero
public record NonZero(long count) implements Composite {
  @Override
  public String name() {
    return "nonzero";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec x = inputs.getFirst();
    return List.of(new TensorSpec(Shape.of(count, x.rank()), DType.INT64, x.device()));
  }

  /// Elements that are not zero are numbered by a running sum, and their positions scattered to
  /// their numbers; all others go to one row too many, which is cut off.
  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T x = inputs.getFirst();
    TensorSpec spec = infer(List.of(x.spec())).getFirst();
    if (spec.numel() == 0) {
      return List.of(x.zeros(spec));
    }
    T isSet = x.flatten().to(DType.BOOL);
    T running = isSet.cumsum(0);
    T row = isSet.call(rows(), List.of(isSet, running));
    T base = x.zeros(spec.withShape(Shape.of(count + 1)));
    T positions = x.arange(x.spec().numel(), spec.device());
    T found = base.call(new Scatter(0, Scatter.Mode.SET), List.of(base, row, positions));
    T column = found.narrow(0, 0, count).unsqueeze(1).expand(spec.shape());
    return List.of(column.call(coordinates(x.spec().shape()), List.of(column)));
  }

  /// The row of each element: its number among those that are set, or the last row.
  private Map rows() {
    Expr isSet = Exprs.input(0, DType.BOOL);
    Expr running = Exprs.input(1, DType.INT64);
    return Map.of("nonzero", Exprs.where(isSet, Exprs.sub(running, number(1)), number(count)));
  }

  /// The coordinates of a row-major position, by column.
  private static Map coordinates(Shape shape) {
    Expr position = Exprs.input(0, DType.INT64);
    Expr column = new Expr.Coord(1);
    Expr coordinate = position;
    long stride = 1;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      Expr counted = Exprs.floorDiv(position, number(stride));
      Expr own = Exprs.remainder(counted, number(shape.size(axis)));
      coordinate = Exprs.where(Exprs.eq(column, number(axis)), own, coordinate);
      stride *= shape.size(axis);
    }
    return Map.of("nonzero", coordinate);
  }
}

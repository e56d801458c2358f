package dev.proteus.op;

import dev.proteus.error.TensorIndexException;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where along an axis the extreme value is, as int64; the axis stays with size 1.
///
/// The first of equal ones; the first NaN if there is one (rules DT-25, DT-32, DT-35).
///
/// @param kind `MAX` or `MIN`
/// @param axis axis from 0
public record ArgMax(Reduce.Kind kind, int axis) implements Composite, Differentiable {
  public ArgMax {
    if (kind != Reduce.Kind.MAX && kind != Reduce.Kind.MIN) {
      throw new IllegalArgumentException("argmax: kind is " + kind + "; it must be MAX or MIN");
    }
  }

  @Override
  public String name() {
    return kind == Reduce.Kind.MAX ? "argmax" : "argmin";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec x = inputs.getFirst();
    if (x.shape().size(axis) == 0) {
      throw new TensorIndexException(
          name() + ": axis " + axis + " of " + x.shape() + " is empty and has no extreme");
    }
    return List.of(x.withShape(x.shape().with(axis, 1)).withDType(DType.INT64));
  }

  /// The least place at which the value is the extreme, or NaN: then the extreme is NaN too and
  /// equals nothing.
  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T x = inputs.getFirst();
    DType dtype = x.spec().dtype();
    Expr value = Exprs.input(0, dtype);
    T extreme = Folding.fold(kind, x, value, List.of(axis));
    Expr hit = Exprs.or(Exprs.eq(value, Exprs.input(1, dtype)), Formulas.isNan(value));
    Expr none = Exprs.constant(DType.INT64, Scalar.of(x.spec().shape().size(axis)));
    Expr place = Exprs.where(hit, Exprs.input(2, DType.INT64), none);
    T places = Along.places(x, axis);
    Reduce least = new Reduce(Reduce.Kind.MIN, place, List.of(axis));
    return List.of(x.call(least, List.of(x, extreme, places)));
  }

  @Override
  public boolean isDifferentiable(List<TensorSpec> inputs) {
    return false;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    return Collections.singletonList(null);
  }
}

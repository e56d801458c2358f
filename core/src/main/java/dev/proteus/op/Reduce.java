package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Reads;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The folding primitive: combines `e(inputs)` over axes, which stay with size 1.
///
/// Operands are broadcast together before the fold, so products of broadcast operands are summed
/// without a temporary: that is what matrix product and convolution are. `SUM` and `PROD` are kept
/// in the accumulation type of the expression's type and rounded at the store. `MAX` and `MIN` let
/// NaN through (rule DT-25).
///
/// @param kind how to combine
/// @param expr what is combined; its type is the result's
/// @param axes axes from 0, ascending
public record Reduce(Kind kind, Expr expr, List<Integer> axes) implements Primitive {
  /// How values are combined.
  public enum Kind {
    SUM,
    PROD,
    MAX,
    MIN
  }

  public Reduce {
    axes = List.copyOf(axes);
  }

  /// The type in which the fold is kept.
  public DType accumulator() {
    return switch (kind) {
      case SUM, PROD -> expr.dtype().accumulator();
      case MAX, MIN -> expr.dtype();
    };
  }

  @Override
  public String name() {
    return switch (kind) {
      case SUM -> "sum";
      case PROD -> "prod";
      case MAX -> "max";
      case MIN -> "min";
    };
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec first = inputs.getFirst();
    Shape shape = first.shape();
    for (int i = 1; i < inputs.size(); i++) {
      shape = Shape.broadcast(shape, inputs.get(i).shape(), name());
    }
    if (expr.dtype() == DType.BOOL && (kind == Kind.SUM || kind == Kind.PROD)) {
      throw new DTypeException(name() + ": a bool has no " + name() + "; cast to int64 first");
    }
    return List.of(new TensorSpec(reduced(shape), expr.dtype(), first.device()));
  }

  @Override
  public java.util.Map<Integer, DType> madeFor() {
    return Reads.of(expr).types();
  }

  private Shape reduced(Shape shape) {
    long[] sizes = shape.toArray();
    for (int axis : axes) {
      if (sizes[axis] == 0 && (kind == Kind.MAX || kind == Kind.MIN)) {
        throw new TensorIndexException(
            name() + ": axis " + axis + " of " + shape + " is empty and has no " + name());
      }
      sizes[axis] = 1;
    }
    return Shape.of(sizes);
  }

  @Override
  public boolean isDifferentiable(List<TensorSpec> inputs) {
    return expr.dtype().isFloating();
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return ReduceDerivative.saved(this, inputs.size());
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    return ReduceDerivative.backward(this, g);
  }
}

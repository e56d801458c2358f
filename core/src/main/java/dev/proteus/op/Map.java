package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The pointwise primitive: `out[c] = e(in₀[c], in₁[c], …, c)`.
///
/// Operands are broadcast together (rule BC-1). One without operands carries the spec of its
/// result. A value: equal name, expression, spec and order are equal ops. Not a record only because
/// it remembers its derivative.
public final class Map implements Primitive {
  /// How the result lies in memory.
  public enum Order {
    /// With the operands' permutation of axes where they share a dense one (rule BC-4).
    PRESERVE,
    /// Row-major.
    CONTIGUOUS
  }

  private final String name;
  private final Expr expr;
  private final Optional<TensorSpec> spec;
  private final Order order;
  private final boolean mayFail;
  private final int hash;
  private volatile @Nullable MapDerivative derivative;

  private Map(String name, Expr expr, Optional<TensorSpec> spec, Order order) {
    this.name = name;
    this.expr = expr;
    this.spec = spec;
    this.order = order;
    this.mayFail = Exprs.mayFail(expr);
    this.hash = Objects.hash(name, expr, spec, order);
  }

  /// A map over operands.
  public static Map of(String name, Expr expr) {
    return new Map(name, expr, Optional.empty(), Order.PRESERVE);
  }

  /// A map over operands whose result lies in this order.
  public static Map of(String name, Expr expr, Order order) {
    return new Map(name, expr, Optional.empty(), order);
  }

  /// A map of coordinates alone, with the spec of its result.
  ///
  /// @throws DTypeException if the expression has another type than the spec
  public static Map of(String name, Expr expr, TensorSpec spec) {
    if (expr.dtype() != spec.dtype()) {
      throw new DTypeException(
          name + ": the expression gives " + expr.dtype() + ", the result is " + spec.dtype());
    }
    return new Map(name, expr, Optional.of(spec), Order.CONTIGUOUS);
  }

  @Override
  public String name() {
    return name;
  }

  public Expr expr() {
    return expr;
  }

  /// The spec of the result of a map without operands.
  public Optional<TensorSpec> spec() {
    return spec;
  }

  public Order order() {
    return order;
  }

  /// Whether values can make this fail: a division of integers, by zero (rule DT-22).
  public boolean mayFail() {
    return mayFail;
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    if (spec.isPresent()) {
      return List.of(spec.get());
    }
    TensorSpec first = inputs.getFirst();
    Shape shape = first.shape();
    for (int i = 1; i < inputs.size(); i++) {
      shape = Shape.broadcast(shape, inputs.get(i).shape(), name);
    }
    return List.of(new TensorSpec(shape, expr.dtype(), first.device()));
  }

  @Override
  public boolean isDifferentiable(List<TensorSpec> inputs) {
    return expr.dtype().isFloating() && inputs.stream().anyMatch(s -> s.dtype().isFloating());
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return derivative(inputs.size()).saved();
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    MapDerivative rules = derivative(g.inputs());
    List<@Nullable T> grads = new ArrayList<>(g.inputs());
    for (int i = 0; i < g.inputs(); i++) {
      grads.add(g.needs(i) ? rules.gradient(i, g) : null);
    }
    return grads;
  }

  private MapDerivative derivative(int inputs) {
    MapDerivative known = derivative;
    if (known == null) {
      known = MapDerivative.of(this, inputs);
      derivative = known;
    }
    return known;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof Map map
            && hash == map.hash
            && name.equals(map.name)
            && expr.equals(map.expr)
            && spec.equals(map.spec)
            && order == map.order;
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return "Map[" + name + ", " + expr + spec.map(s -> ", " + s).orElse("") + "]";
  }
}

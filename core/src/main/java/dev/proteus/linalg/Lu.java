package dev.proteus.linalg;

import dev.proteus.linalg.SolveTriangular.Diagonal;
import dev.proteus.linalg.SolveTriangular.Triangle;
import dev.proteus.op.ArrangeOps;
import dev.proteus.op.Backward;
import dev.proteus.op.HostArray;
import dev.proteus.op.Hosted;
import dev.proteus.op.Saved;
import dev.proteus.op.TensorOps;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;
import org.apache.commons.math3.linear.RealMatrix;
import org.jspecify.annotations.Nullable;

/// `A = P L U` with a permutation P, L lower triangular with a unit diagonal, and U upper
/// triangular.
///
/// The permutation has no derivative. That of the others: with `A' = Pᵀ A`, `dL = L Φ(L⁻¹ dA' U⁻¹)`
/// and `dU = Ψ(L⁻¹ dA' U⁻¹) U`, Φ the strictly lower and Ψ the upper triangle (de Hoog, Anderssen
/// and Lukas, "Differentiation of matrix functionals using triangular factorization", 2011). Longer
/// sides are products of the square part.
public record Lu() implements Hosted {
  /// The three factors.
  public record Factors<T>(T p, T l, T u) {}

  @Override
  public String name() {
    return "lu";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec a = inputs.getFirst();
    Matrices.check(name(), a);
    long rows = Matrices.rows(a);
    long side = Matrices.side(a);
    return List.of(
        Matrices.stack(a, rows, rows),
        Matrices.stack(a, rows, side),
        Matrices.stack(a, side, Matrices.columns(a)));
  }

  @Override
  public List<HostArray> compute(List<HostArray> inputs) {
    Shape sizes = Matrices.sizes(inputs.getFirst());
    long rows = sizes.size(0);
    long side = Math.min(rows, sizes.size(1));
    return Matrices.each(
        name(),
        "finite",
        inputs,
        List.of(Shape.of(rows, rows), Shape.of(rows, side), Shape.of(side, sizes.size(1))),
        a -> factors(new Elimination(a.getFirst())));
  }

  private static List<RealMatrix> factors(Elimination e) {
    return List.of(e.permutation(), e.lower(), e.upper());
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.OUTPUTS;
  }

  @Override
  public boolean hasGradient(int index) {
    return index > 0;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    long rows = Matrices.rows(g.spec(0));
    long columns = Matrices.columns(g.spec(0));
    long side = Math.min(rows, columns);
    T l = g.output(1).narrow(-2, 0, side);
    T u = g.output(2).narrow(-1, 0, side);
    T ofL = g.grad(1).narrow(-2, 0, side);
    T ofU = g.grad(2).narrow(-1, 0, side);
    if (columns > side) {
      T wide = g.grad(2).narrow(-1, side, columns - side);
      T ofWide = underL(l, wide);
      T v = g.output(2).narrow(-1, side, columns - side);
      T whole = square(l, u, ofL.sub(ofWide.matmul(v.mT())), ofU);
      return Collections.singletonList(
          g.output(0).matmul(ArrangeOps.cat(List.of(whole, ofWide), -1)));
    }
    if (rows > side) {
      T tall = g.grad(1).narrow(-2, side, rows - side);
      T ofTall = underU(u, tall);
      T k = g.output(1).narrow(-2, side, rows - side);
      T whole = square(l, u, ofL, ofU.sub(k.mT().matmul(ofTall)));
      return Collections.singletonList(
          g.output(0).matmul(ArrangeOps.cat(List.of(whole, ofTall), -2)));
    }
    return Collections.singletonList(g.output(0).matmul(square(l, u, ofL, ofU)));
  }

  private static <T extends TensorOps<T>> T square(T l, T u, T ofL, T ofU) {
    T inner = l.mT().matmul(ofL).tril(-1).add(ofU.matmul(u.mT()).triu(0));
    return underU(u, underL(l, inner));
  }

  /// `L⁻ᵀ x`
  private static <T extends TensorOps<T>> T underL(T l, T x) {
    return x.call(new SolveTriangular(Triangle.UPPER, Diagonal.UNIT), List.of(l.mT(), x));
  }

  /// `x U⁻ᵀ`
  private static <T extends TensorOps<T>> T underU(T u, T x) {
    return Linalg.solveTriangular(u, x.mT(), Triangle.UPPER).mT();
  }
}

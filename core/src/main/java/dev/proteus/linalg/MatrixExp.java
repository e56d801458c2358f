package dev.proteus.linalg;

import dev.proteus.op.ArrangeOps;
import dev.proteus.op.Backward;
import dev.proteus.op.HostArray;
import dev.proteus.op.Hosted;
import dev.proteus.op.Saved;
import dev.proteus.op.TensorOps;
import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.jspecify.annotations.Nullable;

/// The exponentials of square matrices, by scaling, the Padé approximant of degree 13 and squaring
/// (Higham, "The scaling and squaring method for the matrix exponential revisited", 2005).
///
/// Derivative: the exponential of `[[Aᵀ, G], [0, Aᵀ]]` has it in its upper right block (Najfeld and
/// Havel, "Derivatives of the matrix exponential and their computation", 1995).
public record MatrixExp() implements Hosted {
  /// The largest norm for which degree 13 is exact to float64 (Higham, table 2.3).
  private static final double NORM = 5.371920351148152;

  private static final List<Double> PADE =
      List.of(
          64764752532480000d,
          32382376266240000d,
          7771770303897600d,
          1187353796428800d,
          129060195264000d,
          10559470521600d,
          670442572800d,
          33522128640d,
          1323241920d,
          40840800d,
          960960d,
          16380d,
          182d,
          1d);

  @Override
  public String name() {
    return "matrixExp";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Matrices.checkSquare(name(), inputs.getFirst());
    return List.of(inputs.getFirst());
  }

  @Override
  public List<HostArray> compute(List<HostArray> inputs) {
    return Matrices.each(
        name(),
        "finite",
        inputs,
        List.of(Matrices.sizes(inputs.getFirst())),
        a -> List.of(exp(a.getFirst())));
  }

  private static RealMatrix exp(RealMatrix a) {
    double norm = a.getNorm();
    int halvings = norm > NORM ? Math.getExponent(norm / NORM) + 1 : 0;
    RealMatrix result = approximant(a.scalarMultiply(Math.scalb(1.0, -halvings)));
    for (int i = 0; i < halvings; i++) {
      result = result.multiply(result);
    }
    return result;
  }

  private static RealMatrix approximant(RealMatrix a) {
    RealMatrix one = MatrixUtils.createRealIdentityMatrix(a.getRowDimension());
    RealMatrix a2 = a.multiply(a);
    RealMatrix a4 = a2.multiply(a2);
    RealMatrix a6 = a4.multiply(a2);
    List<RealMatrix> powers = List.of(one, a2, a4, a6);
    RealMatrix odd = a.multiply(polynomial(powers, 1));
    RealMatrix even = polynomial(powers, 0);
    return new LUDecomposition(even.subtract(odd), Double.MIN_VALUE)
        .getSolver()
        .solve(even.add(odd));
  }

  /// The coefficients of one parity, by Horner's rule in the sixth power.
  private static RealMatrix polynomial(List<RealMatrix> powers, int parity) {
    RealMatrix high = powers.get(1).scalarMultiply(PADE.get(8 + parity));
    RealMatrix low = powers.get(0).scalarMultiply(PADE.get(parity));
    for (int i = 2; i <= 3; i++) {
      high = high.add(powers.get(i).scalarMultiply(PADE.get(6 + 2 * i + parity)));
    }
    for (int i = 1; i <= 3; i++) {
      low = low.add(powers.get(i).scalarMultiply(PADE.get(2 * i + parity)));
    }
    return powers.get(3).multiply(high).add(low);
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.INPUTS;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T a = g.input(0).mT();
    long size = Matrices.rows(g.spec(0));
    T upper = ArrangeOps.cat(List.of(a, g.grad()), -1);
    T lower = ArrangeOps.cat(List.of(a.zeros(a.spec()), a), -1);
    T whole = Linalg.matrixExp(ArrangeOps.cat(List.of(upper, lower), -2));
    return Collections.singletonList(whole.narrow(-2, 0, size).narrow(-1, size, size));
  }
}

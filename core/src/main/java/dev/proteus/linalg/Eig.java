package dev.proteus.linalg;

import dev.proteus.op.Backward;
import dev.proteus.op.HostArray;
import dev.proteus.op.Hosted;
import dev.proteus.op.Saved;
import dev.proteus.op.TensorOps;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.jspecify.annotations.Nullable;

/// The eigenvalues and eigenvectors of square matrices, complex in general: each as a real and an
/// imaginary part.
///
/// Vectors are columns of length 1 whose largest component is real. Derivative: that of `A V = V
/// diag(λ)`, complex (Boeddeker et al., "On the computation of complex-valued gradients with
/// application to statistically optimum beamforming", 2017); it needs eigenvalues that differ and a
/// function that does not depend on the vectors' phases.
public record Eig() implements Hosted {
  /// `A (vectorsRe + i vectorsIm) = (vectorsRe + i vectorsIm) diag(valuesRe + i valuesIm)`.
  public record Pairs<T>(T valuesRe, T valuesIm, T vectorsRe, T vectorsIm) {}

  @Override
  public String name() {
    return "eig";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec a = inputs.getFirst();
    Matrices.checkSquare(name(), a);
    TensorSpec values = Matrices.stack(a, Matrices.rows(a));
    return List.of(values, values, a, a);
  }

  @Override
  public List<HostArray> compute(List<HostArray> inputs) {
    Shape sizes = Matrices.sizes(inputs.getFirst());
    Shape values = Shape.of(sizes.size(0));
    return Matrices.each(
        name(),
        "finite and diagonalizable",
        inputs,
        List.of(values, values, sizes, sizes),
        a -> pairs(new EigenDecomposition(a.getFirst())));
  }

  /// The library's column of a complex value with positive imaginary part is the real part of its
  /// vector, the next column the imaginary part; the next value is the conjugate.
  private static List<RealMatrix> pairs(EigenDecomposition eigen) {
    double[] imaginary = eigen.getImagEigenvalues();
    int size = imaginary.length;
    RealMatrix re = new Array2DRowRealMatrix(size, size);
    RealMatrix im = new Array2DRowRealMatrix(size, size);
    RealMatrix columns = eigen.getV();
    for (int i = 0; i < size; i++) {
      boolean isPair = imaginary[i] > 0;
      double[][] vector =
          unit(columns.getColumn(i), isPair ? columns.getColumn(i + 1) : new double[size]);
      re.setColumn(i, vector[0]);
      im.setColumn(i, vector[1]);
      if (isPair) {
        i++;
        re.setColumn(i, vector[0]);
        im.setColumnMatrix(i, Matrices.column(vector[1]).scalarMultiply(-1));
      }
    }
    return List.of(Matrices.column(eigen.getRealEigenvalues()), Matrices.column(imaginary), re, im);
  }

  /// The vector turned and scaled to length 1 with a real largest component.
  private static double[][] unit(double[] re, double[] im) {
    int largest = 0;
    double squares = 0;
    for (int i = 0; i < re.length; i++) {
      squares += re[i] * re[i] + im[i] * im[i];
      if (Math.hypot(re[i], im[i]) > Math.hypot(re[largest], im[largest])) {
        largest = i;
      }
    }
    boolean isReal = im[largest] == 0;
    double modulus = Math.hypot(re[largest], im[largest]);
    double cos = isReal ? 1 : re[largest] / modulus;
    double sin = isReal ? 0 : -im[largest] / modulus;
    double length = Math.sqrt(squares);
    double[][] turned = new double[2][re.length];
    for (int i = 0; i < re.length; i++) {
      turned[0][i] = (re[i] * cos - im[i] * sin) / length;
      turned[1][i] = (re[i] * sin + im[i] * cos) / length;
    }
    return turned;
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.OUTPUTS;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    Complex<T> values = new Complex<>(g.output(0), g.output(1));
    Complex<T> v = new Complex<>(g.output(2), g.output(3));
    Complex<T> ofValues = new Complex<>(g.grad(0), g.grad(1));
    Complex<T> ofV = new Complex<>(g.grad(2), g.grad(3));
    Complex<T> adjoint = v.adjoint();
    Complex<T> turn = adjoint.matmul(ofV);
    T stretch = turn.re().diagonal(0, -2, -1).unsqueeze(-2);
    Complex<T> fixedLength = turn.sub(adjoint.matmul(v).scale(stretch));
    Complex<T> inner = fixedLength.mul(inverseGaps(values)).add(diagonal(ofValues));
    return Collections.singletonList(adjoint.solve(inner.matmul(adjoint)).re());
  }

  /// `1 / conj(λⱼ - λᵢ)`, zero on the diagonal.
  private static <T extends TensorOps<T>> Complex<T> inverseGaps(Complex<T> values) {
    Complex<T> gaps =
        new Complex<>(
            values.re().unsqueeze(-2).sub(values.re().unsqueeze(-1)),
            values.im().unsqueeze(-2).sub(values.im().unsqueeze(-1)));
    T squares = gaps.re().square().add(gaps.im().square());
    return gaps.scale(Linalg.reciprocalOrZero(squares));
  }

  private static <T extends TensorOps<T>> Complex<T> diagonal(Complex<T> values) {
    return new Complex<>(values.re().diagEmbed(0), values.im().diagEmbed(0));
  }
}

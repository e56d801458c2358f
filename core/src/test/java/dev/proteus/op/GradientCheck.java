package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.proteus.reference.ReferenceProvider;
import dev.proteus.tensor.BackwardOptions;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// First and second derivatives on the reference device against finite differences, in float64.
public final class GradientCheck {
  private static final double STEP = 1e-3;
  private static final double TOLERANCE = 1e-7;

  private final Function<List<Tensor>, Tensor> function;
  private final List<Shape> shapes = new ArrayList<>();
  private final List<double[]> values = new ArrayList<>();

  public GradientCheck(Function<List<Tensor>, Tensor> function) {
    this.function = function;
  }

  /// One more operand.
  public GradientCheck with(double[] elements, long... sizes) {
    values.add(elements);
    shapes.add(Shape.of(sizes));
    return this;
  }

  /// One more operand, of values that are neither equal nor in order.
  GradientCheck with(long... sizes) {
    return with(values(values.size(), sizes), sizes);
  }

  /// Values between -1.3 and 1.3, different for each seed.
  static double[] values(int seed, long... sizes) {
    double[] elements = new double[(int) Shape.of(sizes).numel()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = 1.3 * Math.sin(1 + 3.1 * seed + 2.3 * i);
    }
    return elements;
  }

  /// Checks all gradients, and the gradients of a sum of all gradients.
  public void check() {
    inFloat64(() -> {
      compare(x -> weighted(function.apply(x), 1));
      compare(this::gradients);
      return values;
    });
  }

  /// Runs `body` with the reference device and float64 as defaults.
  public static <R> R inFloat64(Supplier<R> body) {
    return Scope.withDType(DType.FLOAT64, () -> Scope.on(ReferenceProvider.DEVICE, body));
  }

  private Tensor gradients(List<Tensor> x) {
    BackwardOptions create = BackwardOptions.DEFAULT.withGraph(BackwardOptions.Graph.CREATE);
    List<Tensor> grads = Tensor.grad(List.of(weighted(function.apply(x), 1)), x, List.of(), create);
    Tensor sum = weighted(grads.getFirst(), 2);
    for (int i = 1; i < grads.size(); i++) {
      sum = sum.add(weighted(grads.get(i), 2 + i));
    }
    return sum;
  }

  /// A sum with a weight of its own for each element.
  private static Tensor weighted(Tensor x, int seed) {
    double[] weights = new double[(int) x.spec().numel()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.sin(seed + 1.7 * i) + 0.2;
    }
    return x.mul(Tensor.of(weights, x.spec().shape().toArray())).sum();
  }

  private void compare(Function<List<Tensor>, Tensor> scalar) {
    List<Tensor> x = tensors(values);
    BackwardOptions zeros = BackwardOptions.DEFAULT.withUnused(BackwardOptions.Unused.ZEROS);
    Tensor result = scalar.apply(x);
    List<Tensor> grads =
        result.requiresGrad() ? Tensor.grad(List.of(result), x, List.of(), zeros) : List.of();
    for (int i = 0; i < x.size(); i++) {
      double[] actual =
          grads.isEmpty() ? new double[values.get(i).length] : grads.get(i).toDoubleArray();
      assertArrayEquals(differences(scalar, i), actual, TOLERANCE, "operand " + i);
    }
  }

  private List<Tensor> tensors(List<double[]> elements) {
    List<Tensor> x = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      x.add(Tensor.of(elements.get(i), shapes.get(i).toArray()).requiresGrad_(true));
    }
    return x;
  }

  private double[] differences(Function<List<Tensor>, Tensor> scalar, int operand) {
    double[] result = new double[values.get(operand).length];
    for (int e = 0; e < result.length; e++) {
      double near = moved(scalar, operand, e, STEP) - moved(scalar, operand, e, -STEP);
      double far = moved(scalar, operand, e, 2 * STEP) - moved(scalar, operand, e, -2 * STEP);
      result[e] = (8 * near - far) / (12 * STEP);
    }
    return result;
  }

  private double moved(Function<List<Tensor>, Tensor> scalar, int operand, int element, double by) {
    List<double[]> elements = new ArrayList<>(values);
    elements.set(operand, values.get(operand).clone());
    elements.get(operand)[element] += by;
    return scalar.apply(tensors(elements)).item();
  }
}

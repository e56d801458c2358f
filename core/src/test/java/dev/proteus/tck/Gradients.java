package dev.proteus.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.proteus.tensor.BackwardOptions;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Derivatives of a sample against central differences, in float64: of `Σ v·f(x)` for random `v`,
/// and once more of the gradients of that.
final class Gradients {
  private static final double STEP = 1e-5;
  private static final int ELEMENTS = 12;
  private static final BackwardOptions ONCE =
      BackwardOptions.DEFAULT.withUnused(BackwardOptions.Unused.ZEROS);
  private static final BackwardOptions AGAIN = ONCE.withGraph(BackwardOptions.Graph.CREATE);

  private final Device device;
  private final Sample sample;
  private final Inputs inputs;
  private final SplittableRandom random;

  /// Weights of the results, then of the gradients.
  private Inputs weights = new Inputs(List.of());

  private Inputs directions = new Inputs(List.of());

  Gradients(Device device, Sample sample, Case shapes) {
    this.device = device;
    this.sample = sample;
    this.inputs = Inputs.of(sample, shapes, DType.FLOAT64, Arrangement.CONTIGUOUS);
    this.random = Inputs.random(sample.name() + shapes);
  }

  /// Compares first derivatives.
  void first() {
    prepare();
    Graph graph = new Graph(inputs, weights);
    List<Tensor> gradients = graph.gradients(ONCE);
    int next = 0;
    for (int i = 0; i < inputs.operands().size(); i++) {
      if (isLeaf(i)) {
        int operand = i;
        compare(
            "gradient of operand " + i,
            inputs.operands().get(i),
            gradients.get(next++).toDoubleArray(),
            changed -> sum(inputs.with(operand, changed), weights));
      }
    }
  }

  /// Compares second derivatives, with respect to operands and to the gradients of results.
  void second() {
    prepare();
    Graph graph = new Graph(inputs, weights);
    graph.grads.forEach(g -> g.requiresGrad_(true));
    List<Tensor> gradients = graph.gradients(AGAIN);
    List<Tensor> variables = new ArrayList<>(graph.leaves);
    variables.addAll(graph.grads);
    List<double[]> second = second(gradients, variables);
    int next = 0;
    for (int i = 0; i < inputs.operands().size(); i++) {
      if (isLeaf(i)) {
        int operand = i;
        compare(
            "second gradient of operand " + i,
            inputs.operands().get(i),
            second.get(next++),
            changed -> slope(inputs.with(operand, changed), weights));
      }
    }
    for (int i = 0; i < weights.operands().size(); i++) {
      int result = i;
      compare(
          "second gradient of the gradient of result " + i,
          weights.operands().get(i),
          second.get(next++),
          changed -> slope(inputs, weights.with(result, changed)));
    }
  }

  private List<double[]> second(List<Tensor> gradients, List<Tensor> variables) {
    List<Tensor> outputs = new ArrayList<>();
    List<Tensor> along = new ArrayList<>();
    List<Tensor> weightsOfGradients = directions.on(device);
    for (int i = 0; i < gradients.size(); i++) {
      if (gradients.get(i).requiresGrad()) {
        outputs.add(gradients.get(i));
        along.add(weightsOfGradients.get(i));
      }
    }
    if (outputs.isEmpty()) {
      return variables.stream().map(v -> new double[(int) v.numel()]).toList();
    }
    return Tensor.grad(outputs, variables, along, ONCE).stream()
        .map(Tensor::toDoubleArray)
        .toList();
  }

  private boolean isLeaf(int operand) {
    return sample.args().get(operand).hasGradient(DType.FLOAT64);
  }

  /// Draws the weights of the results that have gradients, and of the gradients.
  private void prepare() {
    List<Inputs.Operand> ofResults = new ArrayList<>();
    for (Tensor result : new Graph(inputs, weights).results) {
      ofResults.add(drawn(result.shape()));
    }
    weights = new Inputs(ofResults);
    List<Inputs.Operand> ofGradients = new ArrayList<>();
    for (int i = 0; i < inputs.operands().size(); i++) {
      if (isLeaf(i)) {
        ofGradients.add(drawn(inputs.operands().get(i).shape()));
      }
    }
    directions = new Inputs(ofGradients);
  }

  private Inputs.Operand drawn(Shape shape) {
    return Inputs.Operand.dense(DType.FLOAT64, shape, Domain.ANY.draw(shape, random));
  }

  /// `Σ v·f(x)`.
  private double sum(Inputs at, Inputs weighted) {
    return products(new Graph(at, weighted).results, weighted);
  }

  /// `Σ w·∂(Σ v·f(x))/∂x`.
  private double slope(Inputs at, Inputs weighted) {
    return products(new Graph(at, weighted).gradients(ONCE), directions);
  }

  private static double products(List<Tensor> tensors, Inputs weights) {
    double sum = 0;
    for (int i = 0; i < tensors.size(); i++) {
      double[] values = tensors.get(i).toDoubleArray();
      double[] factors = weights.operands().get(i).values();
      for (int k = 0; k < values.length; k++) {
        sum += values[k] * factors[k];
      }
    }
    return sum;
  }

  /// A number that depends on one operand.
  private interface Dependent {
    double at(Inputs.Operand operand);
  }

  private void compare(
      String what, Inputs.Operand operand, double[] gradient, Dependent dependent) {
    double[] values = operand.values();
    assertEquals(values.length, gradient.length, "elements of the " + what);
    double largest = Arrays.stream(gradient).map(Math::abs).max().orElse(0);
    for (int element : someOf(values.length)) {
      double above = dependent.at(operand.withValue(element, values[element] + STEP));
      double below = dependent.at(operand.withValue(element, values[element] - STEP));
      double difference = (above - below) / (2 * STEP);
      double allowed = 1e-6 * Math.max(1, largest);
      if (!(Math.abs(gradient[element] - difference) <= allowed)) {
        throw new AssertionError(
            "%s at element %s is %s, differences say %s"
                .formatted(what, element, gradient[element], difference));
      }
    }
  }

  /// All elements, or some of many.
  private int[] someOf(int count) {
    return count <= ELEMENTS
        ? java.util.stream.IntStream.range(0, count).toArray()
        : random.ints(0, count).distinct().limit(ELEMENTS).toArray();
  }

  /// One call, with leaves that require grad.
  private final class Graph {
    private final List<Tensor> leaves = new ArrayList<>();
    private final List<Tensor> results;
    private final List<Tensor> grads;

    Graph(Inputs at, Inputs weighted) {
      List<Tensor> operands = at.on(device);
      for (int i = 0; i < operands.size(); i++) {
        if (isLeaf(i)) {
          leaves.add(operands.get(i).requiresGrad_(true));
        }
      }
      results =
          Scope.on(device, () -> sample.call().apply(operands)).stream()
              .filter(Tensor::requiresGrad)
              .toList();
      grads = weighted.on(device);
    }

    List<Tensor> gradients(BackwardOptions options) {
      return Tensor.grad(results, leaves, grads, options);
    }
  }
}

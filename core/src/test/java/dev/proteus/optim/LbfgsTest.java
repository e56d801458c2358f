package dev.proteus.optim;

import static dev.proteus.optim.Sample.named;
import static dev.proteus.optim.Sample.one;
import static dev.proteus.optim.Sample.refused;
import static dev.proteus.optim.Sample.setGrad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.state.StateDict;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Steps along an estimate of Newton's direction.
class LbfgsTest {
  private static final Lbfgs.Options PLAIN = new Lbfgs.Options(1);
  private static final Lbfgs.Options SEARCHING = PLAIN.withLineSearch();

  private static Parameter wide(double... values) {
    return Parameter.of(Tensor.of(values).to(DType.FLOAT64));
  }

  /// What a step minimizes, and how often it was computed.
  private static final class Problem {
    private final Supplier<Tensor> value;
    private final List<Double> losses = new ArrayList<>();
    private Optimizer<?> optimizer;

    private Problem(Optimizer<?> optimizer, Supplier<Tensor> value) {
      this.optimizer = optimizer;
      this.value = value;
    }

    private Tensor compute() {
      optimizer.zeroGrad();
      Tensor loss = value.get();
      loss.backward();
      losses.add(loss.item());
      return loss;
    }

    private double step() {
      return optimizer.step(this::compute).item();
    }
  }

  /// `(1 − x)² + 100·(y − x²)²`, lowest at (1, 1).
  private static Tensor rosenbrock(Tensor x, Tensor y) {
    return x.rsub(1).square().add(y.sub(x.square()).square().mul(100)).sum();
  }

  // ---- what it asks for

  @Test
  void op13_lbfgsNeedsAClosure() {
    Parameter p = one();
    Lbfgs optimizer = new Lbfgs(List.of(p), PLAIN);
    setGrad(p, 1);
    refused(IllegalArgumentException.class, optimizer::step, "closure", "OP-13");
    assertEquals(1, p.item());
    assertEquals(0, optimizer.steps());
    assertTrue(optimizer.state(p).isEmpty());
  }

  @Test
  void op13_lbfgsHasOneGroupOnly() {
    ParamGroup<Lbfgs.Options> first = ParamGroup.of(List.of(one()), PLAIN);
    ParamGroup<Lbfgs.Options> second = ParamGroup.of(List.of(one()), PLAIN);
    refused(
        IllegalArgumentException.class,
        () -> new Lbfgs(List.of(first, second)),
        "Lbfgs has at most 1 group");
    Lbfgs optimizer = new Lbfgs(List.of(first));
    refused(IllegalArgumentException.class, () -> optimizer.addParamGroup(second), "1 group");
    assertEquals(List.of(first), optimizer.groups());
    refused(
        IllegalArgumentException.class, () -> PLAIN.withHistory(0), "history is 0", "at least 1");
    refused(IllegalArgumentException.class, () -> PLAIN.withIterations(0), "iterations is 0");
    refused(IllegalArgumentException.class, () -> new Lbfgs.Options(-1), "lr is -1.0");
  }

  @Test
  void op13_theLossComesBackAsItWasBefore() {
    Parameter p = wide(3);
    Lbfgs optimizer = new Lbfgs(List.of(p), SEARCHING);
    Problem problem = new Problem(optimizer, () -> p.square().sum());
    assertEquals(9, problem.step());
    assertEquals(0, p.item(), 1e-9);
    assertEquals(1, optimizer.steps());
    assertTrue(optimizer.state(p).orElseThrow().steps() > 1, "iterations");
  }

  // ---- where it goes

  /// The formula of Broyden, Fletcher, Goldfarb and Shanno, with whole matrices.
  private static double[][] inverse(List<double[]> steps, List<double[]> changes) {
    double[] lastStep = steps.getLast();
    double[] lastChange = changes.getLast();
    int n = lastStep.length;
    double[][] h = new double[n][n];
    for (int i = 0; i < n; i++) {
      h[i][i] = dot(lastStep, lastChange) / dot(lastChange, lastChange);
    }
    for (int k = 0; k < steps.size(); k++) {
      double[] s = steps.get(k);
      double[] y = changes.get(k);
      double curvature = dot(s, y);
      double[] hy = times(h, y);
      double factor = (curvature + dot(y, hy)) / (curvature * curvature);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          h[i][j] += factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / curvature;
        }
      }
    }
    return h;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double[] times(double[][] h, double[] x) {
    double[] product = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      product[i] = dot(h[i], x);
    }
    return product;
  }

  private static final double[] CURVES = {1, 4, 0.5};

  private static double[] slope(double[] x) {
    double[] g = new double[3];
    for (int i = 0; i < 3; i++) {
      g[i] = CURVES[i] * x[i] + x[i] * x[i] * x[i];
    }
    return g;
  }

  /// The path in plain Java, with at most `history` pairs.
  private static double[] path(double lr, int iterations, int history) {
    double[] x = {1, -2, 3};
    List<double[]> steps = new ArrayList<>();
    List<double[]> changes = new ArrayList<>();
    for (int k = 0; k < iterations; k++) {
      double[] g = slope(x);
      double[] d = steps.isEmpty() ? g : times(inverse(steps, changes), g);
      double sum = Math.abs(g[0]) + Math.abs(g[1]) + Math.abs(g[2]);
      double length = steps.isEmpty() ? lr * Math.min(1, 1 / sum) : lr;
      double[] s = new double[3];
      for (int i = 0; i < 3; i++) {
        s[i] = -length * d[i];
        x[i] += s[i];
      }
      double[] y = slope(x);
      for (int i = 0; i < 3; i++) {
        y[i] -= g[i];
      }
      steps.add(s);
      changes.add(y);
      if (steps.size() > history) {
        steps.removeFirst();
        changes.removeFirst();
      }
    }
    return x;
  }

  private static Problem quartic(Parameter first, Parameter second, Optimizer<?> optimizer) {
    Tensor curves = Tensor.of(CURVES).to(DType.FLOAT64);
    return new Problem(
        optimizer,
        () -> {
          Tensor x = Tensor.cat(List.of(first, second), 0);
          return x.square().mul(curves).mul(0.5).add(x.square().square().mul(0.25)).sum();
        });
  }

  @Test
  void theDirectionIsThatOfWholeMatrices() {
    for (int history : new int[] {100, 2, 1}) {
      Parameter first = wide(1);
      Parameter second = wide(-2, 3);
      Lbfgs.Options options = new Lbfgs.Options(0.5).withIterations(4).withHistory(history);
      Lbfgs optimizer = new Lbfgs(List.of(first, second), options);
      Problem problem = quartic(first, second, optimizer);
      problem.step();
      problem.step();
      double[] expected = path(0.5, 8, history);
      assertEquals(expected[0], first.item(), 1e-10, "history " + history);
      assertArrayEquals(new double[] {expected[1], expected[2]}, second.toDoubleArray(), 1e-10);
      assertEquals(8, optimizer.state(first).orElseThrow().steps());
      assertEquals(8, problem.losses.size(), "none is computed that would not be used");
    }
  }

  @Test
  void aSearchFindsTheEndOfACurvedValley() {
    Parameter x = wide(-1.5);
    Parameter y = wide(2);
    Lbfgs optimizer =
        new Lbfgs(List.of(x, y), SEARCHING.withIterations(100).withTolerances(1e-9, 1e-14));
    Problem problem = new Problem(optimizer, () -> rosenbrock(x, y));
    problem.step();
    assertEquals(1, x.item(), 1e-6);
    assertEquals(1, y.item(), 1e-6);
    assertTrue(problem.losses.size() < 80, () -> problem.losses.size() + " evaluations");
  }

  @Test
  void aSearchFallsEachTimeAlsoWhereTheFirstLengthIsFarTooLong() {
    Parameter x = wide(5);
    Lbfgs optimizer =
        new Lbfgs(List.of(x), new Lbfgs.Options(1000).withLineSearch().withIterations(1));
    Problem problem = new Problem(optimizer, () -> x.exp().sub(x).sum());
    double before = Double.POSITIVE_INFINITY;
    for (int i = 0; i < 6; i++) {
      double loss = problem.step();
      assertTrue(loss < before, loss + " after " + before);
      before = loss;
    }
  }

  @Test
  void aStepEndsAboutWhenItHasNoEvaluationsLeft() {
    Parameter x = wide(-1.5);
    Parameter y = wide(2);
    Lbfgs optimizer = new Lbfgs(List.of(x, y), new Lbfgs.Options(0.01).withEvaluations(4));
    Problem problem = new Problem(optimizer, () -> rosenbrock(x, y));
    problem.step();
    assertEquals(4, problem.losses.size());
  }

  // ---- what it remembers

  @Test
  void parametersWithoutGradStayAsTheyAre() {
    Parameter frozen = wide(7);
    frozen.requiresGrad_(false);
    Parameter unused = wide(2);
    Parameter p = wide(3);
    Lbfgs optimizer = new Lbfgs(List.of(frozen, unused, p), SEARCHING);
    new Problem(optimizer, () -> p.square().mul(frozen).sum()).step();
    assertEquals(7, frozen.item());
    assertEquals(2, unused.item());
    assertEquals(0, p.item(), 1e-6);
    assertTrue(optimizer.state(frozen).isEmpty());
  }

  @Test
  void aSmallerHistoryForgetsTheOldest() {
    Parameter first = wide(1);
    Parameter second = wide(-2, 3);
    Lbfgs.Options options = new Lbfgs.Options(0.5).withIterations(4).withHistory(3);
    Lbfgs optimizer = new Lbfgs(List.of(first, second), options);
    Problem problem = quartic(first, second, optimizer);
    problem.step();
    Tensor oldest = Sample.remembered(optimizer, second, "step.1").clone();
    Tensor latest = Sample.remembered(optimizer, second, "step.2").clone();
    optimizer.groups().getFirst().options(options.withIterations(1).withHistory(2));
    problem.step();
    var tensors = optimizer.state(second).orElseThrow().tensors();
    assertFalse(tensors.containsKey("step.2") || tensors.containsKey("change.2"));
    assertArrayEquals(
        latest.toDoubleArray(), Sample.remembered(optimizer, second, "step.0").toDoubleArray());
    assertNotEquals(oldest.select(0, 0).item(), latest.select(0, 0).item());
  }

  @Test
  void aParameterThatIsLearnedLaterHasNotMovedBefore() {
    Parameter first = wide(1);
    Parameter second = wide(-2, 3);
    second.requiresGrad_(false);
    Lbfgs.Options options = new Lbfgs.Options(0.5).withIterations(3).withHistory(1);
    Lbfgs optimizer = new Lbfgs(List.of(first, second), options);
    Problem problem = quartic(first, second, optimizer);
    problem.step();
    assertTrue(optimizer.state(first).orElseThrow().tensors().containsKey("step.0"), "it is full");
    second.requiresGrad_(true);
    optimizer.groups().getFirst().options(options.withLineSearch());
    double loss = problem.step();
    assertTrue(problem.step() < loss);
    assertTrue(problem.step() < loss / 2, "both are learned");
  }

  @ParameterizedTest
  @EnumSource
  void op42_stateIsSavedLoadedAndFollowsTheType(StateType type) {
    var here = named("a", "b");
    var there = named("a", "b");
    Lbfgs.Options options =
        new Lbfgs.Options(0.3).withIterations(2).withEvaluations(9).withHistory(3);
    Lbfgs moved = new Lbfgs(List.of(ParamGroup.named(here, options)), type);
    Lbfgs before = new Lbfgs(List.of(ParamGroup.named(there, options)), type);
    for (int i = 0; i < 3; i++) {
      step(moved);
      step(before);
    }
    for (Parameter p : List.copyOf(here.values())) {
      Tensor.swap(p, p.detach().to(DType.FLOAT64).requiresGrad_(true));
    }
    for (Parameter p : List.copyOf(there.values())) {
      Tensor.swap(p, p.detach().to(DType.FLOAT64).requiresGrad_(true));
    }
    StateDict saved = before.stateDict();
    assertTrue(saved.contains("state.1.change.2"));
    Lbfgs after = new Lbfgs(List.of(ParamGroup.named(there, new Lbfgs.Options(9))), type);
    after.load(saved);
    assertEquals(options, after.groups().getFirst().options());
    step(moved);
    step(after);
    List<Parameter> alone = List.copyOf(here.values());
    List<Parameter> loaded = List.copyOf(there.values());
    for (int i = 0; i < alone.size(); i++) {
      assertEquals(alone.get(i).item(), loaded.get(i).item());
      assertEquals(8, after.state(loaded.get(i)).orElseThrow().steps());
    }
  }

  private static void step(Lbfgs optimizer) {
    List<Tensor> parameters = optimizer.groups().getFirst().parameters();
    Tensor first = parameters.getFirst();
    Tensor second = parameters.getLast();
    new Problem(
            optimizer,
            () -> first.square().add(first.mul(second)).add(second.square().mul(2)).sum())
        .step();
  }
}

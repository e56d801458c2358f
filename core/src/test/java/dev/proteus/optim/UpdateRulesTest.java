package dev.proteus.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.proteus.optim.Sample.Maker;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The formulas of the optimizers, against numbers worked out elsewhere and against plain Java.
class UpdateRulesTest {
  /// The parameter, 1 at first, after each of these gradients.
  private static double[] path(
      Function<List<Parameter>, Optimizer<?>> make, DType dtype, double... gradients) {
    Parameter p = Parameter.of(Tensor.of(1.0).to(dtype));
    Optimizer<?> optimizer = make.apply(List.of(p));
    double[] path = new double[gradients.length];
    for (int i = 0; i < path.length; i++) {
      p.setGrad(Tensor.of(gradients[i]).to(dtype));
      optimizer.step();
      path[i] = p.item();
    }
    return path;
  }

  private static double[] path(Function<List<Parameter>, Optimizer<?>> make, double... gradients) {
    return path(make, DType.FLOAT64, gradients);
  }

  @Test
  void op20_sgd() {
    Sgd.Options momentum = new Sgd.Options(0.1).withMomentum(0.9);
    assertArrayEquals(
        new double[] {0.9, 0.71, 0.439}, path(p -> new Sgd(p, momentum), 1, 1, 1), 1e-12);
    assertArrayEquals(
        new double[] {0.9, 0.76, 0.584},
        path(p -> new Sgd(p, momentum.withDampening(0.5)), 1, 1, 1),
        1e-12);
    assertArrayEquals(
        new double[] {0.81, 0.539},
        path(p -> new Sgd(p, new Sgd.Options(0.1).withNesterov(0.9)), 1, 1),
        1e-12);
    assertArrayEquals(new double[] {0.9, 0.7}, path(p -> new Sgd(p, 0.1), 1, 2), 1e-12);
    assertArrayEquals(
        new double[] {1.05},
        path(p -> new Sgd(p, new Sgd.Options(0.1).withGoal(Goal.MAXIMIZE).withWeightDecay(0.5)), 1),
        1e-12);
  }

  @Test
  void op21_adam() {
    assertArrayEquals(
        new double[] {0.9, 0.8034818, 0.7614729}, path(p -> new Adam(p, 0.1), 1, 2, -1), 1e-7);
  }

  @Test
  void op22_adamWDecaysByItself() {
    AdamOptions options = new AdamOptions(0.1).withWeightDecay(0.5);
    assertArrayEquals(new double[] {0.85}, path(p -> new AdamW(p, options), 1), 1e-8);
    assertArrayEquals(new double[] {0.9}, path(p -> new Adam(p, options), 1), 1e-8);
  }

  private static final double[] GRADIENTS = {1, -0.5, 2, 0.25, -3, 0.125};

  /// One optimizer in plain Java: state, then parameter and gradient to parameter.
  private record Plain(
      String name,
      Function<List<Parameter>, Optimizer<?>> make,
      Function<double[], BiFunction<Double, Double, Double>> rule) {}

  private static Stream<Plain> rules() {
    AdamOptions adam = new AdamOptions(0.1).withBetas(0.8, 0.9).withWeightDecay(0.1).withEps(1e-3);
    MomentOptions moments =
        new MomentOptions(0.1).withBetas(0.8, 0.9).withWeightDecay(0.1).withEps(1e-3);
    RmsProp.Options rms = new RmsProp.Options(0.1).withAlpha(0.9).withWeightDecay(0.1);
    Adagrad.Options ada =
        new Adagrad.Options(0.1).withLrDecay(0.5).withWeightDecay(0.1).withInitial(0.25);
    return Stream.of(
        new Plain(
            "sgd, nesterov, decay",
            p -> new Sgd(p, new Sgd.Options(0.1).withNesterov(0.8).withWeightDecay(0.1)),
            s ->
                (p, gradient) -> {
                  double g = gradient + 0.1 * p;
                  s[0] = s[1]++ == 0 ? g : 0.8 * s[0] + g;
                  return p - 0.1 * (g + 0.8 * s[0]);
                }),
        new Plain(
            "adam, amsgrad, decay, maximize",
            p -> new Adam(p, adam.withAmsgrad().withGoal(Goal.MAXIMIZE)),
            s ->
                (p, gradient) -> {
                  double g = -gradient + 0.1 * p;
                  s[3]++;
                  s[0] = 0.8 * s[0] + 0.2 * g;
                  s[1] = 0.9 * s[1] + 0.1 * g * g;
                  s[2] = Math.max(s[2], s[1]);
                  double root = Math.sqrt(s[2]) / Math.sqrt(1 - Math.pow(0.9, s[3]));
                  return p - 0.1 / (1 - Math.pow(0.8, s[3])) * s[0] / (root + 1e-3);
                }),
        new Plain(
            "adamw",
            p -> new AdamW(p, adam),
            s ->
                (p, g) -> {
                  s[3]++;
                  s[0] = 0.8 * s[0] + 0.2 * g;
                  s[1] = 0.9 * s[1] + 0.1 * g * g;
                  double root = Math.sqrt(s[1]) / Math.sqrt(1 - Math.pow(0.9, s[3]));
                  return p * 0.99 - 0.1 / (1 - Math.pow(0.8, s[3])) * s[0] / (root + 1e-3);
                }),
        new Plain(
            "rmsprop",
            p -> new RmsProp(p, rms),
            s ->
                (p, gradient) -> {
                  double g = gradient + 0.1 * p;
                  s[0] = 0.9 * s[0] + 0.1 * g * g;
                  return p - 0.1 * g / (Math.sqrt(s[0]) + 1e-8);
                }),
        new Plain(
            "rmsprop, centered, momentum, maximize",
            p ->
                new RmsProp(
                    p,
                    rms.withSpread(RmsProp.Spread.CENTERED)
                        .withMomentum(0.7)
                        .withGoal(Goal.MAXIMIZE)),
            s ->
                (p, gradient) -> {
                  double g = -gradient + 0.1 * p;
                  s[0] = 0.9 * s[0] + 0.1 * g * g;
                  s[1] = 0.9 * s[1] + 0.1 * g;
                  s[2] = 0.7 * s[2] + g / (Math.sqrt(s[0] - s[1] * s[1]) + 1e-8);
                  return p - 0.1 * s[2];
                }),
        new Plain(
            "adadelta, decay, maximize",
            p ->
                new Adadelta(
                    p,
                    new Adadelta.Options(2)
                        .withRho(0.8)
                        .withEps(1e-3)
                        .withWeightDecay(0.1)
                        .withGoal(Goal.MAXIMIZE)),
            s ->
                (p, gradient) -> {
                  double g = -gradient + 0.1 * p;
                  s[0] = 0.8 * s[0] + 0.2 * g * g;
                  double d = Math.sqrt(s[1] + 1e-3) / Math.sqrt(s[0] + 1e-3) * g;
                  s[1] = 0.8 * s[1] + 0.2 * d * d;
                  return p - 2 * d;
                }),
        new Plain(
            "adamax, decay",
            p -> new Adamax(p, moments),
            s ->
                (p, gradient) -> {
                  double g = gradient + 0.1 * p;
                  s[3]++;
                  s[0] = 0.8 * s[0] + 0.2 * g;
                  s[1] = Math.max(0.9 * s[1], Math.abs(g) + 1e-3);
                  return p - 0.1 / (1 - Math.pow(0.8, s[3])) * s[0] / s[1];
                }),
        new Plain(
            "nadam, decay",
            p -> new NAdam(p, moments),
            s ->
                (p, gradient) -> {
                  double g = gradient + 0.1 * p;
                  double t = ++s[3];
                  s[0] = 0.8 * s[0] + 0.2 * g;
                  s[1] = 0.9 * s[1] + 0.1 * g * g;
                  double now = 0.8 * (1 - 0.5 * Math.pow(0.96, 0.004 * t));
                  double next = 0.8 * (1 - 0.5 * Math.pow(0.96, 0.004 * (t + 1)));
                  s[2] = t == 1 ? now : s[2] * now;
                  double root = Math.sqrt(s[1] / (1 - Math.pow(0.9, t))) + 1e-3;
                  double step = (1 - now) / (1 - s[2]) * g + next / (1 - s[2] * next) * s[0];
                  return p - 0.1 * step / root;
                }),
        new Plain(
            "radam, decay, soon trusted",
            p -> new RAdam(p, moments.withBetas(0.8, 0.95)),
            s ->
                (p, gradient) -> {
                  double g = gradient + 0.1 * p;
                  double t = ++s[3];
                  s[0] = 0.8 * s[0] + 0.2 * g;
                  s[1] = 0.95 * s[1] + 0.05 * g * g;
                  double mean = s[0] / (1 - Math.pow(0.8, t));
                  double fade = Math.pow(0.95, t);
                  double all = 2 / 0.05 - 1;
                  double n = all - 2 * t * fade / (1 - fade);
                  if (n <= 5) {
                    return p - 0.1 * mean;
                  }
                  double share = (n - 4) * (n - 2) * all / ((all - 4) * (all - 2) * n);
                  return p - 0.1 * mean * Math.sqrt(share * (1 - fade)) / (Math.sqrt(s[1]) + 1e-3);
                }),
        new Plain(
            "adagrad",
            p -> new Adagrad(p, ada),
            s ->
                (p, gradient) -> {
                  double g = gradient + 0.1 * p;
                  s[0] = (s[1] == 0 ? 0.25 : s[0]) + g * g;
                  return p - 0.1 / (1 + s[1]++ * 0.5) * g / (Math.sqrt(s[0]) + 1e-10);
                }));
  }

  @TestFactory
  Stream<DynamicTest> op24_fusedUpdatesAreThoseOfPlainJava() {
    return rules().map(plain -> DynamicTest.dynamicTest(plain.name(), () -> compare(plain)));
  }

  private static void compare(Plain plain) {
    double[] expected = new double[GRADIENTS.length];
    BiFunction<Double, Double, Double> rule = plain.rule().apply(new double[4]);
    double p = 1;
    for (int i = 0; i < expected.length; i++) {
      p = rule.apply(p, GRADIENTS[i]);
      expected[i] = p;
    }
    assertArrayEquals(expected, path(plain.make(), GRADIENTS), 1e-12);
    assertArrayEquals(expected, path(plain.make(), DType.FLOAT32, GRADIENTS), 1e-5);
    assertArrayEquals(expected, path(plain.make(), DType.BFLOAT16, GRADIENTS), 0.05);
  }

  /// What may be grouped in one kernel gives what each parameter gives alone.
  @ParameterizedTest
  @MethodSource("makers")
  void op24_parametersOfManyTypesAndShapesStepAsEachAlone(Maker maker) {
    SequencedMap<String, Parameter> together = mixed();
    SequencedMap<String, Parameter> alone = mixed();
    Optimizer<?> one = maker.of(together);
    List<Optimizer<?>> many = new ArrayList<>();
    alone.forEach((name, p) -> many.add(maker.of(new TreeMap<>(Map.of(name, p)))));
    for (double gradient : GRADIENTS) {
      Stream.of(together, alone)
          .forEach(all -> all.values().forEach(p -> p.setGrad(p.fullLike(gradient))));
      one.step();
      many.forEach(Optimizer::step);
    }
    together.forEach((name, p) -> {
      Parameter other = Objects.requireNonNull(alone.get(name));
      assertArrayEquals(other.toDoubleArray(), p.toDoubleArray(), name);
    });
  }

  static Stream<Maker> makers() {
    return Sample.makers();
  }

  private static SequencedMap<String, Parameter> mixed() {
    SequencedMap<String, Parameter> parameters = new LinkedHashMap<>();
    for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32, DType.BFLOAT16, DType.FLOAT32)) {
      Tensor values = Tensor.arange(3).add(parameters.size()).to(dtype);
      parameters.put("p" + parameters.size(), Parameter.of(values));
    }
    Tensor turned = Tensor.arange(6).to(DType.FLOAT32).reshape(2, 3).transpose(0, 1);
    parameters.put("turned", Parameter.of(turned));
    return parameters;
  }
}

package dev.proteus.oracle;

import static dev.proteus.oracle.Draft.WIDE;
import static dev.proteus.oracle.Rule.Trait.VALUE_ONLY;

import dev.proteus.optim.Adagrad;
import dev.proteus.optim.Adam;
import dev.proteus.optim.AdamOptions;
import dev.proteus.optim.AdamW;
import dev.proteus.optim.Optimizer;
import dev.proteus.optim.RmsProp;
import dev.proteus.optim.Sgd;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Optimizers: where a parameter is after some steps.
final class OptimRules {
  private static final Draw STEPS = OptimRules::steps;
  private static final Draw ADAM =
      STEPS.then(d -> d.real("eps", 1e-8, 1e-3).real("decay", 0.0, 0.1).flag("amsgrad"));

  static final List<Rule> ALL_RULES =
      List.of(
          trajectory(
              "sgd",
              TorchOptimizers::sgd,
              g -> parameters -> new Sgd(parameters, sgd(g).withDampening(g.real("dampening"))),
              STEPS.then(d ->
                  d.real("momentum", 0.0, 0.9)
                      .real("dampening", 0.0, 0.3)
                      .real("decay", 0.0, 0.1))),
          trajectory(
              "sgd.nesterov",
              TorchOptimizers::nesterov,
              g -> parameters -> new Sgd(parameters, sgd(g).withNesterov(g.real("momentum"))),
              STEPS.then(d -> d.real("momentum", 0.5, 0.9).real("decay", 0.0, 0.1))),
          trajectory(
              "adam",
              TorchOptimizers::adam,
              g -> parameters -> new Adam(parameters, adam(g)),
              ADAM),
          trajectory(
              "adamW",
              TorchOptimizers::adamW,
              g -> parameters -> new AdamW(parameters, adam(g)),
              ADAM),
          trajectory(
              "rmsProp",
              TorchOptimizers::rmsProp,
              g -> parameters -> new RmsProp(parameters, rmsProp(g)),
              STEPS.then(d ->
                  d.real("alpha", 0.9, 0.99)
                      .real("eps", 1e-8, 1e-3)
                      .real("decay", 0.0, 0.1)
                      .real("momentum", 0.0, 0.9)
                      .flag("centered"))),
          trajectory(
              "adagrad",
              TorchOptimizers::adagrad,
              g -> parameters -> new Adagrad(parameters, adagrad(g)),
              STEPS.then(d ->
                  d.real("slowing", 0.0, 0.1)
                      .real("decay", 0.0, 0.1)
                      .real("initial", 0.0, 0.5)
                      .real("eps", 1e-10, 1e-3))));

  private OptimRules() {}

  private static Rule trajectory(
      String name,
      TorchCall torch,
      Function<Given, Function<List<Tensor>, Optimizer<?>>> proteus,
      Draw draw) {
    return Rule.of(
            name, new Formula.Hosted(torch), g -> List.of(trained(g, proteus.apply(g))), draw)
        .with(VALUE_ONLY);
  }

  private static Tensor trained(Given g, Function<List<Tensor>, Optimizer<?>> rule) {
    Tensor parameter = g.x().detach().clone().requiresGrad_(true);
    Optimizer<?> optimizer = rule.apply(List.of(parameter));
    for (Tensor grad : g.list("grads")) {
      parameter.setGrad(grad.clone());
      optimizer.step();
    }
    return parameter.detach();
  }

  /// A parameter, a gradient for each step, and a rate.
  private static void steps(Draft d) {
    d.types(WIDE).fills(Fill.NORMAL).x(0, 3);
    Shape shape = d.shape("x");
    d.operands(
        "grads",
        IntStream.range(0, d.dice().between(1, 6))
            .mapToObj(_ -> d.drawn(shape, d.dtype(), Fill.NORMAL))
            .toList());
    d.real("lr", 0.001, 0.2);
  }

  private static Sgd.Options sgd(Given g) {
    return new Sgd.Options(g.real("lr"))
        .withMomentum(g.real("momentum"))
        .withWeightDecay(g.real("decay"));
  }

  private static AdamOptions adam(Given g) {
    AdamOptions options =
        new AdamOptions(g.real("lr")).withEps(g.real("eps")).withWeightDecay(g.real("decay"));
    return g.flag("amsgrad") ? options.withAmsgrad() : options;
  }

  private static RmsProp.Options rmsProp(Given g) {
    return new RmsProp.Options(g.real("lr"))
        .withAlpha(g.real("alpha"))
        .withEps(g.real("eps"))
        .withWeightDecay(g.real("decay"))
        .withMomentum(g.real("momentum"))
        .withSpread(g.flag("centered") ? RmsProp.Spread.CENTERED : RmsProp.Spread.MEAN_SQUARE);
  }

  private static Adagrad.Options adagrad(Given g) {
    return new Adagrad.Options(g.real("lr"))
        .withLrDecay(g.real("slowing"))
        .withWeightDecay(g.real("decay"))
        .withInitial(g.real("initial"))
        .withEps(g.real("eps"));
  }
}

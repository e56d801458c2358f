package dev.proteus.optim;

import static dev.proteus.optim.Sample.named;
import static dev.proteus.optim.Sample.one;
import static dev.proteus.optim.Sample.refused;
import static dev.proteus.optim.Sample.setGrad;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What parameters an optimizer takes, and with which options.
class ParamGroupTest {
  private static final Sgd.Options MOMENTUM = new Sgd.Options(0.1).withMomentum(0.9);

  private static void refusedArgument(Runnable call, String... parts) {
    refused(IllegalArgumentException.class, call, parts);
  }

  // ---- which

  @Test
  void op1_noneAtAllAreRefused() {
    refusedArgument(() -> new Sgd(List.of(), 0.1), "no parameters", "OP-1");
    refusedArgument(() -> new Sgd(named(), MOMENTUM), "no parameters");
    refusedArgument(() -> new Sgd(List.<ParamGroup<Sgd.Options>>of()), "no parameters");
  }

  @Test
  void op1_resultsOfCallsAreRefused() {
    Parameter p = one();
    refusedArgument(() -> new Sgd(List.of(p, p.mul(2)), 0.1), "parameter 1", "only leaves");
    Tensor kept = p.mul(2);
    kept.retainGrad();
    refusedArgument(() -> new Sgd(List.of(kept), 0.1), "only leaves");
    assertEquals(1, new Sgd(List.of(p, kept.detach()), 0.1).groups().size());
  }

  @Test
  void op1_parametersAreListedGroupedOrNamedAndNotMixed() {
    var named = named("w", "b");
    Sgd byName = new Sgd(named, MOMENTUM);
    assertEquals(List.of("w", "b"), byName.groups().getFirst().names());
    assertEquals(List.copyOf(named.values()), byName.groups().getFirst().parameters());
    refusedArgument(
        () -> byName.addParamGroup(ParamGroup.of(List.of(one()), MOMENTUM)), "give all or none");
    Sgd inOrder = new Sgd(List.of(one()), 0.1);
    refusedArgument(
        () -> inOrder.addParamGroup(ParamGroup.named(named("w"), MOMENTUM)), "give all or none");
    assertEquals(1, inOrder.groups().size(), "nothing changed");
    assertTrue(inOrder.groups().getFirst().names().isEmpty());
  }

  @Test
  void op3_aParameterTwiceIsRefused() {
    Parameter p = one();
    refusedArgument(() -> new Sgd(List.of(p, one(), p), 0.1), "parameter 2", "as parameter 0");
    var tied = named("in", "other");
    tied.put("out", tied.firstEntry().getValue());
    refusedArgument(() -> new Sgd(tied, MOMENTUM), "'out'", "as 'in'");
    Sgd optimizer = new Sgd(List.of(p), 0.1);
    refusedArgument(
        () -> optimizer.addParamGroup(ParamGroup.of(List.of(one(), p), MOMENTUM)),
        "parameter 1 is in another group");
    ParamGroup<Sgd.Options> first = ParamGroup.of(List.of(p), MOMENTUM);
    ParamGroup<Sgd.Options> second = ParamGroup.of(List.of(p), MOMENTUM);
    refusedArgument(() -> new Sgd(List.of(first, second)), "another group");
    assertEquals(1, optimizer.groups().size());
  }

  @Test
  void op6_whatNeedsNoGradIsAcceptedAndLeftAlone() {
    Parameter frozen = one();
    frozen.requiresGrad_(false);
    Tensor counts = Tensor.of(3L);
    Sgd optimizer = new Sgd(List.of(frozen, counts), MOMENTUM.withWeightDecay(0.5));
    optimizer.step();
    assertEquals(1, frozen.item());
    assertEquals(3, counts.item());
    assertTrue(optimizer.state(frozen).isEmpty());
    frozen.requiresGrad_(true);
    setGrad(frozen, 1);
    optimizer.step();
    assertEquals(1 - 0.1 * 1.5, frozen.item(), 1e-6, "stepped as soon as there is a gradient");
  }

  // ---- options

  @Test
  void op2_optionsNotGivenAreTheDefaultsAndGroupsAreIndependent() {
    Sgd.Options given = new Sgd.Options(0.1);
    assertEquals(
        new Sgd.Options(0.1, 0, 0, 0, Sgd.Lookahead.NONE, Goal.MINIMIZE), given, "all filled in");
    ParamGroup<Sgd.Options> first = ParamGroup.of(List.of(one()), given);
    ParamGroup<Sgd.Options> second = ParamGroup.of(List.of(one()), given);
    Sgd optimizer = new Sgd(List.of(first, second));
    first.options(given.withMomentum(0.9));
    second.lr(0.7);
    assertEquals(new Sgd.Options(0.1).withMomentum(0.9), optimizer.groups().get(0).options());
    assertEquals(new Sgd.Options(0.7), optimizer.groups().get(1).options());
    assertEquals(new Sgd.Options(0.1), given, "what later groups may be made of");
  }

  @Test
  void op4_optionsOutOfRangeAreNamedWithTheirValue() {
    refusedArgument(() -> new Sgd(List.of(one()), -1), "lr is -1.0", "at least 0");
    refusedArgument(() -> new Sgd.Options(Double.NaN), "lr is NaN");
    refusedArgument(() -> new Sgd.Options(1).withMomentum(-0.1), "momentum is -0.1");
    refusedArgument(() -> new Sgd.Options(1).withWeightDecay(-0.1), "weightDecay is -0.1");
    refusedArgument(() -> new Sgd.Options(1).withNesterov(0), "momentum above 0", "0.0");
    refusedArgument(
        () -> new Sgd.Options(1).withNesterov(0.9).withDampening(0.1), "dampening 0", "0.1");
    refusedArgument(() -> new AdamOptions(1).withBetas(1, 0.9), "beta1 is 1.0", "less than 1");
    refusedArgument(() -> new AdamOptions(1).withBetas(0.9, -0.1), "beta2 is -0.1");
    refusedArgument(() -> new AdamOptions(1).withBetas(0.9, Double.NaN), "beta2 is NaN");
    refusedArgument(() -> new AdamOptions(1).withEps(-1), "eps is -1.0");
    refusedArgument(() -> new AdamOptions(1).withWeightDecay(-1), "weightDecay is -1.0");
    refusedArgument(() -> new RmsProp.Options(1).withAlpha(-1), "alpha is -1.0");
    refusedArgument(() -> new Adagrad.Options(1).withLrDecay(-1), "lrDecay is -1.0");
    ParamGroup<Sgd.Options> group = ParamGroup.of(List.of(one()), MOMENTUM);
    refusedArgument(() -> group.lr(-2), "lr is -2.0");
    assertEquals(0.1, group.lr(), "nothing changed");
  }

  // ---- later groups

  @Test
  void op5_groupsAddedLaterHaveOptionsOfTheirOwn() {
    Parameter slow = one();
    Parameter fast = one();
    Sgd optimizer = new Sgd(List.of(slow), 0.1);
    setGrad(slow, 1);
    optimizer.step();
    optimizer.addParamGroup(ParamGroup.of(List.of(fast), new Sgd.Options(0.5)));
    setGrad(fast, 1);
    optimizer.step();
    assertEquals(0.8, slow.item(), 1e-7);
    assertEquals(0.5, fast.item(), 1e-7);
    optimizer.groups().get(1).lr(0.25);
    optimizer.step();
    assertEquals(0.25, fast.item(), 1e-7);
  }

  @Test
  void op5_schedulersMadeBeforeDoNotKnowALaterGroup() {
    Sgd optimizer = new Sgd(List.of(one()), 1);
    LrScheduler scheduler = new LrScheduler(optimizer, new ExponentialLr(0.5));
    optimizer.addParamGroup(ParamGroup.of(List.of(one()), new Sgd.Options(8)));
    optimizer.step();
    scheduler.step();
    assertEquals(List.of(0.5), scheduler.lastLr());
    assertEquals(8, optimizer.groups().get(1).lr());
    assertFalse(optimizer.groups().get(1).initialLr().isPresent());
  }

  @Test
  void op5_aPlateauLowersALaterGroupToo() {
    Sgd optimizer = new Sgd(List.of(one()), 1);
    ReduceLrOnPlateau plateau =
        new ReduceLrOnPlateau(optimizer, ReduceLrOnPlateau.Options.DEFAULT.withPatience(0));
    plateau.step(1);
    optimizer.addParamGroup(ParamGroup.of(List.of(one()), new Sgd.Options(8)));
    plateau.step(1);
    assertEquals(0.1, optimizer.groups().get(0).lr(), 1e-12);
    assertEquals(0.8, optimizer.groups().get(1).lr(), 1e-12);
  }
}

package dev.proteus.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.StateDictException;
import dev.proteus.schedule.ConstantLr;
import dev.proteus.schedule.CosineAnnealingLr;
import dev.proteus.schedule.CosineRestartsLr;
import dev.proteus.schedule.ExponentialLr;
import dev.proteus.schedule.LambdaLr;
import dev.proteus.schedule.LinearLr;
import dev.proteus.schedule.LrScheduler;
import dev.proteus.schedule.MultiStepLr;
import dev.proteus.schedule.OneCycleLr;
import dev.proteus.schedule.PolynomialLr;
import dev.proteus.schedule.ReduceLrOnPlateau;
import dev.proteus.schedule.Schedule;
import dev.proteus.schedule.StepLr;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/// Learning rates step by step.
class SchedulerTest {
  private static Sgd optimizer() {
    return new Sgd(List.of(Parameter.of(Tensor.of(1.0))), 1);
  }

  private static double[] rates(Schedule schedule, int count) {
    Sgd optimizer = optimizer();
    optimizer.step();
    LrScheduler scheduler = new LrScheduler(optimizer, schedule);
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rates.add(scheduler.lastLr().getFirst());
      assertEquals(scheduler.lastLr().getFirst(), optimizer.groups().getFirst().lr());
      scheduler.step();
    }
    return rates.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void sequence(Schedule schedule, double... expected) {
    assertArrayEquals(expected, rates(schedule, expected.length), 1e-6);
  }

  @Test
  void op52_sequences() {
    sequence(new StepLr(2, 0.1), 1, 1, .1, .1, .01);
    sequence(new CosineAnnealingLr(4, 0), 1, .853553, .5, .146447, 0);
    sequence(new LinearLr(0.5, 1, 2).then(3, new ExponentialLr(0.9)), .5, .75, 1, 1, .9, .81);
  }

  @Test
  void otherSequences() {
    sequence(new MultiStepLr(List.of(1L, 3L), 0.1), 1, .1, .1, .01, .01);
    sequence(new ConstantLr(0.25, 2), .25, .25, 1, 1);
    sequence(new PolynomialLr(4, 2), 1, .5625, .25, .0625, 0, 0);
    sequence(new CosineRestartsLr(2, 1, 0), 1, .5, 1, .5, 1);
    sequence(new CosineRestartsLr(1, 2, 0), 1, 1, .5, 1, .853553, .5, .146447, 1);
    sequence(new LambdaLr(step -> 1.0 / (step + 1)), 1, .5, 1.0 / 3);
    sequence(new StepLr(1, 0.5).of(new ConstantLr(0.5, 1)), .5, .5, .25);
    sequence(
        new OneCycleLr(1, 10, 0.3, 25, 1e4, OneCycleLr.Slope.LINEAR),
        .04,
        .52,
        1,
        .8571434,
        .7142869,
        .5714303,
        .4285737,
        .2857171,
        .1428606,
        .000004);
    sequence(new OneCycleLr(1, 10), .04, .52, 1, .950485);
  }

  @Test
  void op52_plateau() {
    Sgd optimizer = optimizer();
    ReduceLrOnPlateau plateau =
        new ReduceLrOnPlateau(optimizer, ReduceLrOnPlateau.Options.DEFAULT.withPatience(1));
    double[] rates = new double[5];
    for (int i = 0; i < rates.length; i++) {
      plateau.step(1);
      rates[i] = optimizer.groups().getFirst().lr();
    }
    assertArrayEquals(new double[] {1, 1, .1, .1, .01}, rates, 1e-12);
  }

  @Test
  void aPlateauRestsAndImproves() {
    Sgd optimizer = optimizer();
    var options =
        ReduceLrOnPlateau.Options.DEFAULT
            .withGoal(Goal.MAXIMIZE)
            .withPatience(0)
            .withCooldown(2)
            .withFactor(0.5)
            .withLowest(0.3);
    ReduceLrOnPlateau plateau = new ReduceLrOnPlateau(optimizer, options);
    double[] metrics = {1, 2, 2, 2, 2, 2, 3, 1};
    double[] rates = new double[metrics.length];
    for (int i = 0; i < rates.length; i++) {
      plateau.step(metrics[i]);
      rates[i] = optimizer.groups().getFirst().lr();
      if (i == 3) {
        StateDict state = plateau.stateDict();
        plateau = new ReduceLrOnPlateau(optimizer, options);
        plateau.load(state);
      }
    }
    assertArrayEquals(new double[] {1, 1, .5, .5, .5, .3, .3, .3}, rates, 1e-12);
  }

  @Test
  void aPlateauThatCannotBeLoadedStaysAsItIs() {
    ReduceLrOnPlateau plateau =
        new ReduceLrOnPlateau(optimizer(), ReduceLrOnPlateau.Options.DEFAULT);
    plateau.step(1);
    var before = plateau.stateDict().metadata();
    StateDict partial = StateDict.builder().metadata("bad", "3").metadata("resting", "2").build();
    assertThrows(StateDictException.class, () -> plateau.load(partial));
    assertEquals(before, plateau.stateDict().metadata());
  }

  @Test
  void op50_theInitialRateIsRememberedByTheGroup() {
    Sgd optimizer = optimizer();
    assertEquals(OptionalDouble.empty(), optimizer.groups().getFirst().initialLr());
    new LrScheduler(optimizer, new ConstantLr(0.5, 10));
    assertEquals(0.5, optimizer.groups().getFirst().lr());
    assertEquals(OptionalDouble.of(1), optimizer.groups().getFirst().initialLr());
    LrScheduler second = new LrScheduler(optimizer, new ExponentialLr(0.5));
    assertEquals(List.of(1.0), second.lastLr());
  }

  @Test
  void op51_aStepBeforeTheFirstOfTheOptimizerWarnsOnce() {
    Sgd optimizer = optimizer();
    LrScheduler early = new LrScheduler(optimizer, new ExponentialLr(0.5));
    List<String> said =
        Warnings.of(
            LrScheduler.class,
            () -> {
              early.step();
              early.step();
            });
    assertEquals(1, said.size(), said::toString);
    assertTrue(said.getFirst().startsWith("WARNING"), said::toString);
    assertTrue(said.getFirst().contains("before the optimizer's first"), said::toString);
    assertEquals(0.25, optimizer.groups().getFirst().lr(), "it steps all the same");
    LrScheduler inTime = new LrScheduler(optimizer, new ExponentialLr(0.5));
    optimizer.step();
    assertEquals(List.of(), Warnings.of(LrScheduler.class, inTime::step));
  }

  @Test
  void op53_oneScheduleForEachGroup() {
    Sgd optimizer = optimizer();
    List<Schedule> two = List.of(new ExponentialLr(0.5), new ConstantLr(0.1, 1));
    Sample.refused(
        IllegalArgumentException.class,
        () -> new LrScheduler(optimizer, two),
        "2 schedules for 1 groups");
    optimizer.addParamGroup(
        ParamGroup.of(List.of(Parameter.of(Tensor.of(1.0))), new Sgd.Options(10)));
    LrScheduler scheduler = new LrScheduler(optimizer, two);
    assertEquals(List.of(1.0, 1.0), scheduler.lastLr());
    optimizer.step();
    scheduler.step();
    assertEquals(List.of(0.5, 10.0), scheduler.lastLr());
  }

  @Test
  void op53_aSchedulerGoesOnFromItsState() {
    Sgd optimizer = optimizer();
    LrScheduler scheduler = new LrScheduler(optimizer, new ExponentialLr(0.5));
    optimizer.step();
    scheduler.step();
    scheduler.step();
    Sgd other = new Sgd(List.of(Parameter.of(Tensor.of(1.0))), 7);
    LrScheduler resumed = new LrScheduler(other, new ExponentialLr(0.5));
    resumed.load(scheduler.stateDict());
    assertEquals(2, resumed.steps());
    assertEquals(0.25, other.groups().getFirst().lr());
    StateDict broken = StateDict.builder().metadata("step", "3").build();
    assertThrows(StateDictException.class, () -> resumed.load(broken));
    assertEquals(2, resumed.steps());
  }

  @Test
  void op53_functionsAreNotPartOfTheState() {
    LrScheduler scheduler = new LrScheduler(optimizer(), new LambdaLr(step -> 1.0 / (step + 1)));
    StateDict state = scheduler.stateDict();
    assertEquals(Map.of("step", "0", "base.0", "1.0"), state.metadata());
    assertEquals(0, state.size());
    LrScheduler other = new LrScheduler(optimizer(), new LambdaLr(step -> 10.0 + step));
    other.load(state.toBuilder().metadata("step", "2").build());
    assertEquals(List.of(12.0), other.lastLr(), "its own function, from step 2");
  }
}

package dev.proteus.optim;

import static dev.proteus.optim.Sample.one;
import static dev.proteus.optim.Sample.setGrad;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.StateDictException;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.HookHandle;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What runs around steps, saving and loading.
class HooksTest {
  private final Parameter p = Parameter.of(Tensor.of(4.0));
  private final Sgd optimizer = new Sgd(List.of(p), new Sgd.Options(1).withMomentum(0.5));
  private final List<String> order = new ArrayList<>();

  private StepHooks named(String name) {
    return new StepHooks(
        o -> order.add(name + " before " + o.steps()),
        o -> order.add(name + " after " + o.steps()));
  }

  @Test
  void op15_hooksSurroundAStepAndCanBeRemoved() {
    HookHandle pre = optimizer.registerStepPreHook(o -> order.add("pre " + (long) p.item()));
    HookHandle post = optimizer.registerStepPostHook(o -> order.add("post " + (long) p.item()));
    setGrad(p, 1);
    optimizer.step();
    post.remove();
    post.remove();
    optimizer.step(() -> {
      order.add("closure");
      return p.sum();
    });
    pre.remove();
    optimizer.step();
    assertEquals(List.of("pre 4", "post 3", "pre 3", "closure"), order);
  }

  @Test
  void op15_hooksOfABlockAreOutermost() {
    optimizer.registerStepPreHook(o -> order.add("own before"));
    optimizer.registerStepPostHook(o -> order.add("own after"));
    Sgd other = new Sgd(List.of(one()), 0.1);
    named("outer")
        .during(() -> {
          named("inner").during(() -> optimizer.step());
          other.step();
        });
    optimizer.step();
    assertEquals(
        List.of(
            "outer before 0",
            "inner before 0",
            "own before",
            "own after",
            "inner after 1",
            "outer after 1",
            "outer before 0",
            "outer after 1",
            "own before",
            "own after"),
        order);
  }

  @Test
  void op15_aHookReplacesTheClosure() {
    HookHandle hook = optimizer.registerClosureHook(closure -> () -> closure.get().add(10));
    HookHandle second = optimizer.registerClosureHook(closure -> () -> closure.get().mul(2));
    assertEquals(28, optimizer.step(p::sum).item());
    hook.remove();
    assertEquals(8, optimizer.step(p::sum).item());
    second.remove();
    assertEquals(4, optimizer.step(p::sum).item());
  }

  @Test
  void op15_hooksSeeAndReplaceAStateDict() {
    setGrad(p, 1);
    optimizer.step();
    HookHandle before = optimizer.registerStateDictPreHook(o -> o.groups().getFirst().lr(0.25));
    HookHandle after =
        optimizer.registerStateDictPostHook(d -> d.toBuilder().metadata("run", "7").build());
    StateDict dict = optimizer.stateDict();
    assertEquals("0.25", dict.metadata().get("group.0.lr"));
    assertEquals("7", dict.metadata().get("run"));
    before.remove();
    after.remove();
    optimizer.groups().getFirst().lr(0.5);
    StateDict plain = optimizer.stateDict();
    assertEquals("0.5", plain.metadata().get("group.0.lr"));
    assertFalse(plain.metadata().containsKey("run"));
  }

  @Test
  void op15_hooksReplaceWhatIsLoadedAndRunAfterwards() {
    StateDict dict = optimizer.stateDict();
    HookHandle pre =
        optimizer.registerLoadPreHook(d -> d.toBuilder().metadata("group.0.lr", "3").build());
    HookHandle post =
        optimizer.registerLoadPostHook(o -> order.add("lr " + o.groups().getFirst().lr()));
    optimizer.load(dict);
    assertEquals("1.0", dict.metadata().get("group.0.lr"), "the caller's stays as it is");
    pre.remove();
    optimizer.load(dict);
    assertThrows(
        StateDictException.class,
        () -> optimizer.load(dict.toBuilder().metadata("group.0.lr", "much").build()));
    post.remove();
    optimizer.load(dict);
    assertEquals(List.of("lr 3.0", "lr 1.0"), order, "not after a load that failed");
    assertTrue(optimizer.state(p).isEmpty());
  }
}

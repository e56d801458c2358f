package dev.proteus.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.StateDictException;
import dev.proteus.nn.BatchNorm1d;
import dev.proteus.nn.Linear;
import dev.proteus.nn.Sequential;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;

/// Names and axes of state dicts made elsewhere.
class RenamingTest {
  private static StateDict state(String... names) {
    StateDict.Builder builder = StateDict.builder();
    for (String name : names) {
      builder.put(name, Tensor.ones(2, 3));
    }
    return builder.build();
  }

  private static List<String> names(StateDict state) {
    return List.copyOf(state.tensors().keySet());
  }

  private static String refused(Renaming rules, StateDict state) {
    return String.valueOf(
        assertThrows(StateDictException.class, () -> rules.apply(state)).getMessage());
  }

  @Test
  void rulesApplyInOrder() {
    Renaming rules =
        Renaming.NONE
            .prefix("module.", "")
            .pattern("h\\.(\\d+)\\.", "blocks.$1.")
            .prefix("blocks.", "net.")
            .leaveOut(".*\\.mask");
    StateDict renamed =
        rules.apply(state("module.h.0.w", "module.h.1.w", "module.h.1.mask", "h.2.module.w"));
    assertEquals(List.of("net.0.w", "net.1.w", "net.2.module.w"), names(renamed));
  }

  @Test
  void aRenamingIsAValue() {
    Renaming base = Renaming.NONE.prefix("a.", "b.");
    base.prefix("c.", "d.");
    assertEquals(1, base.rules().size());
    assertEquals(base, Renaming.NONE.prefix("a.", "b."));
    assertTrue(Renaming.NONE.rules().isEmpty());
    StateDict state = state("x");
    assertSame(state, Renaming.NONE.apply(state));
  }

  @Test
  void axesChangeWithoutACopyAndTheSourceStays() {
    StateDict state = state("w", "v").with("k", Tensor.ones(3, 4, 1, 2));
    StateDict renamed = Renaming.NONE.transpose("w").permute("k", 3, 2, 0, 1).apply(state);
    assertEquals(Shape.of(3, 2), renamed.get("w").shape());
    assertEquals(Shape.of(2, 3), renamed.get("v").shape());
    assertEquals(Shape.of(2, 1, 3, 4), renamed.get("k").shape());
    assertTrue(renamed.get("w").sharesStorageWith(state.get("w")));
    assertEquals(Shape.of(2, 3), state.get("w").shape());
  }

  @Test
  void sd14_versionsGoAlongWithTheirModules() {
    StateDict state = new Sequential(new BatchNorm1d(1)).stateDict();
    StateDict renamed = Renaming.NONE.pattern("^0\\.", "body.norm.").apply(state);
    assertEquals(OptionalInt.of(2), renamed.version("body.norm"));
    assertEquals(OptionalInt.of(1), renamed.version(""));
    assertEquals(OptionalInt.empty(), renamed.version("0"));
  }

  @Test
  void errorsNameTheRuleThatCollided() {
    String message =
        refused(Renaming.NONE.prefix("x.", "").prefix("a.", "b."), state("b.w", "a.w"));
    assertEquals("rename: 'b.w' and 'a.w' (by prefix 'a.' -> 'b.') both become 'b.w'", message);
    message = refused(Renaming.NONE.pattern("\\d", "n"), state("l1", "l2"));
    assertTrue(message.contains("'l1' (by pattern '\\d' -> 'n') and 'l2' (by pattern"), message);
  }

  @Test
  void errorsNameTheRuleThatDoesNotFit() {
    StateDict state = state("w");
    String message = refused(Renaming.NONE.permute("w", 0, 1, 2), state);
    assertTrue(message.contains("axes 'w' -> [0, 1, 2]") && message.contains("[2, 3]"), message);
    message = refused(Renaming.NONE.permute("w", 1, 1), state);
    assertTrue(message.contains("name each of its axes once"), message);
    message = refused(Renaming.NONE.pattern("w", "$1"), state);
    assertTrue(message.contains("pattern 'w' -> '$1'") && message.contains("'w'"), message);
    assertThrows(PatternSyntaxException.class, () -> Renaming.NONE.pattern("(", ""));
  }

  @Test
  void weightsMadeElsewhereFit() {
    Linear layer = new Linear(3, 2);
    Tensor kernel = Tensor.randn(3, 2);
    StateDict foreign =
        StateDict.builder()
            .put("model/dense/kernel", kernel)
            .put("model/dense/bias", Tensor.ones(2))
            .put("model/step", Tensor.of(1L))
            .build();
    Renaming rules =
        Renaming.NONE
            .leaveOut("model/step")
            .pattern("model/dense/", "")
            .transpose("kernel")
            .pattern("^kernel$", "weight");
    assertTrue(layer.load(foreign, LoadOptions.DEFAULT.rename(rules)).isComplete());
    Tensor x = Tensor.randn(1, 3);
    Tensor expected = x.matmul(kernel).add(1);
    assertTrue(layer.forward(x).sub(expected).abs().max().item() < 1e-6);
    var error =
        assertThrows(
            StateDictException.class,
            () -> layer.load(foreign, LoadOptions.DEFAULT.rename(rules.prefix("weight", "bias"))));
    assertTrue(String.valueOf(error.getMessage()).contains("both become 'bias'"));
  }
}

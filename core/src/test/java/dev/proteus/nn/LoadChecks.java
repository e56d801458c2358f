package dev.proteus.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.error.StateDictException;
import dev.proteus.state.LoadOptions;
import dev.proteus.state.StateDict;
import java.util.ArrayList;
import java.util.List;

/// A model to load, and what must hold of a load that is refused.
final class LoadChecks {
  private LoadChecks() {}

  static Sequential model() {
    return new Sequential(new Linear(2, 3), new BatchNorm1d(3), new Linear(3, 1));
  }

  static String refused(Module module, StateDict state, LoadOptions options) {
    List<double[]> before = values(module);
    var error = assertThrows(StateDictException.class, () -> module.load(state, options));
    List<double[]> after = values(module);
    for (int i = 0; i < before.size(); i++) {
      assertArrayEquals(before.get(i), after.get(i), "rule SD-25");
    }
    return String.valueOf(error.getMessage());
  }

  static List<double[]> values(Module module) {
    List<double[]> values = new ArrayList<>();
    module.stateDict().tensors().values().stream()
        .filter(t -> !t.device().isMeta())
        .forEach(t -> values.add(t.toDoubleArray()));
    return values;
  }
}

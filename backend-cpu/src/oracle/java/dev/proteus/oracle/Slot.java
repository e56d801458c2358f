package dev.proteus.oracle;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/// What stands at one place of a schema.
sealed interface Slot {
  /// A tensor, or several where the schema takes a list.
  record Tensors(List<Tensor> all) implements Slot {
    public Tensors {
      all = List.copyOf(all);
    }
  }

  /// Anything else.
  record Plain(Value value) implements Slot {}
}

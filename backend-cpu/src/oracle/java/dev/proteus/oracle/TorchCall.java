package dev.proteus.oracle;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/// What PyTorch does without a schema, such as its optimizers.
@FunctionalInterface
interface TorchCall {
  /// Its results.
  ///
  /// @param operands in the order of the case, those of a list one after the other
  List<Tensor> apply(Case drawn, List<Tensor> operands);
}

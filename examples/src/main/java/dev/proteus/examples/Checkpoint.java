package dev.proteus.examples;

import dev.proteus.error.StateDictException;
import dev.proteus.nn.Module;
import dev.proteus.optim.Optimizer;
import dev.proteus.state.StateDict;
import java.nio.file.Path;

/// A training that can be taken up again: the weights, what the optimizer remembers and how many
/// epochs are done, in one safetensors file.
final class Checkpoint {
  private static final String MODEL = "model.";
  private static final String OPTIMIZER = "optimizer.";
  private static final String EPOCHS = "epochs";

  private Checkpoint() {}

  /// Writes the file: all of it or, if anything fails, none.
  static void save(Path file, Module model, Optimizer<?> optimizer, int epochs) {
    model.stateDict().prefixed(MODEL).and(optimizer.stateDict().prefixed(OPTIMIZER)).toBuilder()
        .metadata(EPOCHS, String.valueOf(epochs))
        .build()
        .save(file);
  }

  /// Brings both to where they were when the file was written, in the types they have now.
  ///
  /// @return how many epochs were done
  /// @throws StateDictException if the file is malformed, or of something else
  static int load(Path file, Module model, Optimizer<?> optimizer) {
    StateDict state = StateDict.load(file);
    int epochs = epochs(file, state);
    model.load(state.under(MODEL));
    optimizer.load(state.under(OPTIMIZER));
    return epochs;
  }

  private static int epochs(Path file, StateDict state) {
    String text = state.metadata().getOrDefault(EPOCHS, "");
    try {
      return Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw new StateDictException(
          file + ": no checkpoint of this training; its metadata has no number of epochs", e);
    }
  }
}
